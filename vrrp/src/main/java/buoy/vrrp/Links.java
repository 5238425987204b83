package buoy.vrrp;

import java.net.InetAddress;
import java.util.List;

/** The links of this host, and what happens to them. */
public interface Links {
    /** Every link there is now. */
    List<Link> list() throws KernelRefused;

    /**
     * What happened since the last call, oldest first; empty if nothing did. Never waits, and may
     * leave some for the next call, for which {@link Waiter#await} then returns at once.
     */
    List<LinkEvent> events() throws KernelRefused;

    /**
     * One link as the kernel has it.
     *
     * @param index the kernel's number, never used again for another link while this one lives
     * @param up administratively up and with a carrier: what is sent leaves
     */
    record Link(int index, String name, boolean up) {}

    /** One thing that happened. */
    sealed interface LinkEvent {
        /** A link appeared, was renamed, went up or down; may repeat what is known. */
        record Changed(Link link) implements LinkEvent {}

        /** A link is gone, with its addresses. */
        record Gone(int interfaceIndex) implements LinkEvent {}

        /** An address was added or renewed, by whomever. */
        record AddressAdded(int interfaceIndex, InetAddress address, int prefixLength)
                implements LinkEvent {}

        /** An address was removed or its lifetime ran out, by whomever. */
        record AddressRemoved(int interfaceIndex, InetAddress address, int prefixLength)
                implements LinkEvent {}

        /** The kernel dropped events (ENOBUFS): only reading everything again tells the truth. */
        record Overrun() implements LinkEvent {}
    }
}
