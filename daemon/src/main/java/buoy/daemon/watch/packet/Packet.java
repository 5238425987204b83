package buoy.daemon.watch.packet;

import buoy.linux.layout.MacAddress;
import buoy.vrrp.wire.Dissected;
import java.net.InetAddress;
import java.util.Optional;

/** A packet worth watching. */
public sealed interface Packet {
    /** From whom: empty where the link has no MAC addresses, or the capture does not show them. */
    Optional<MacAddress> mac();

    /** IP protocol 112: VRRP, CARP, or what only pretends to be. */
    record Protocol112(
            Optional<MacAddress> mac,
            InetAddress source,
            InetAddress destination,
            int ttl,
            Dissected message)
            implements Packet {}

    /**
     * ARP that asks nobody, but tells everybody where an address is (RFC 5227 3).
     *
     * @param holder the MAC address it tells
     * @param isReply in place of the request that RFC 9568 wants; receivers take either
     */
    record GratuitousArp(
            Optional<MacAddress> mac, MacAddress holder, InetAddress address, boolean isReply)
            implements Packet {}

    /**
     * A neighbour advertisement nobody asked for (RFC 4861 7.2.6).
     *
     * @param holder the MAC address it tells; empty without the option, and it says little then
     * @param hopLimit below 255 it comes from beyond a router, and is ignored
     * @param override without it, neighbours keep the MAC address they know
     */
    record NeighbourAdvertisement(
            Optional<MacAddress> mac,
            InetAddress source,
            InetAddress address,
            Optional<MacAddress> holder,
            int hopLimit,
            boolean router,
            boolean override,
            boolean checksumIsRight)
            implements Packet {}
}
