package buoy.vrrp;

import buoy.vrrp.track.Contribution;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/**
 * Something worth a line in a log: a change of state, said once. What arrives from the network is
 * never worth a line for each packet. {@code router} is the name in the configuration.
 */
public sealed interface VrrpEvent {
    /** A router changed its state; {@code cause} says why in words. */
    record Transition(String router, RouterState from, RouterState to, String cause, int priority)
            implements VrrpEvent {}

    /** A router goes on in the state that another process of this host left it in. */
    record TakenOver(String router, RouterState state, int priority) implements VrrpEvent {}

    /**
     * Tracking changed the effective priority, which is 0 where this router is not fit to be
     * active. {@code offered} says whether the address was offered to a peer with priority 0.
     */
    record PriorityChanged(
            String router, int before, int after, List<Contribution> contributions, boolean offered)
            implements VrrpEvent {}

    /** Nobody took the address that was offered: this host keeps it at the lowered priority. */
    record OfferDeclined(String router, int priority) implements VrrpEvent {}

    /** A peer was heard for the first time, or again after a long silence. */
    record PeerSeen(String router, InetAddress peer, int priority) implements VrrpEvent {}

    /** A peer's list of addresses is not ours. Version 3 accepts it nevertheless. */
    record AddressListMismatch(
            String router, InetAddress peer, List<InetAddress> theirs, List<InetAddress> ours)
            implements VrrpEvent {}

    /** A peer advertises at another interval. Version 3 follows the active router's. */
    record IntervalMismatch(String router, InetAddress peer, Duration theirs, Duration ours)
            implements VrrpEvent {}

    /** A second router claims to own the addresses with priority 255. */
    record SecondOwner(String router, InetAddress peer) implements VrrpEvent {}

    /**
     * Something else is amiss on the network; {@code kind} is its name in metrics, {@code detail}
     * says in words what was seen and what to look at.
     */
    record Warned(String router, String kind, String detail) implements VrrpEvent {}

    /** Messages of this kind began to arrive for the router and are discarded. */
    record Discarding(String router, InetAddress peer, String kind, String detail)
            implements VrrpEvent {}

    /** Somebody else removed an address this router holds; it was put back. */
    record AddressRestored(String router, InetAddress address) implements VrrpEvent {}

    /** Somebody else removed a route or rule of this router; it was put back. */
    record RouteRestored(String router, RoutingTable.Entry entry) implements VrrpEvent {}

    /** The kernel began to refuse something; it is tried again until it works. */
    record Refused(String router, String what, KernelRefused refusal) implements VrrpEvent {}

    /** What the kernel had refused works again. */
    record Recovered(String router, String what) implements VrrpEvent {}

    /** The speaker's thread was kept from running; {@code late} is by how much. */
    record Overslept(Duration late) implements VrrpEvent {}

    /**
     * A bug of ours: every address was given up and the thread has ended. The process must exit
     * non-zero.
     */
    record Failed(Throwable bug) implements VrrpEvent {}
}
