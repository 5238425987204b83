package buoy.vrrp.core;

/** What the caller must do, in the order of the list. */
public sealed interface Effect {
    /** Send an advertisement with this priority: the effective one, or 0 to resign. */
    record Send(Priority priority) implements Effect {}

    /** Take the virtual addresses. */
    record ClaimAddresses() implements Effect {}

    /** Give the virtual addresses up, if any are there. */
    record ReleaseAddresses() implements Effect {}

    /** Start a series of gratuitous ARP or unsolicited neighbour advertisements. */
    record AnnounceToNeighbours() implements Effect {}
}
