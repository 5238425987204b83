package buoy.vrrp;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/** The addresses of this host's links. */
public interface AddressTable {
    /**
     * Adds the address, or renews its lifetime if it is there. An IPv6 address is added without
     * duplicate address detection (RFC 9568 has its own), and is usable at once.
     *
     * @param prefixLength the on-link prefix
     * @param lifetime the kernel drops the address this long after the last claim; whole seconds,
     *     zero is for ever
     */
    void claim(int interfaceIndex, InetAddress address, int prefixLength, Duration lifetime)
            throws KernelRefused;

    /** Removes the address. One that is not there, or whose link is gone, is removed already. */
    void release(int interfaceIndex, InetAddress address, int prefixLength) throws KernelRefused;

    /** The addresses of one link, primary ones first and otherwise in the kernel's order. */
    List<Entry> list(int interfaceIndex) throws KernelRefused;

    /**
     * One address as the kernel has it.
     *
     * @param permanent whether it has no lifetime: then it is not a leftover of ours that the
     *     kernel is about to drop
     */
    record Entry(InetAddress address, int prefixLength, boolean permanent) {}
}
