package buoy.vrrp;

/**
 * The system, as far as VRRP needs it. Every port is called on the speaker's thread alone, except
 * {@link Waiter#wakeUp} and {@link Waiter#now}. None of them may wait for anything.
 *
 * @param onThreadStart run first on the speaker's thread: real-time scheduling, memory locking
 */
public record Ports(
        Lan lan,
        AddressTable addresses,
        Neighbours neighbours,
        Links links,
        RoutingTable routing,
        VirtualMacs virtualMacs,
        Waiter waiter,
        Runnable onThreadStart) {
    Ports withAddresses(AddressTable other) {
        return new Ports(
                lan, other, neighbours, links, routing, virtualMacs, waiter, onThreadStart);
    }
}
