package buoy.daemon.watch.packet;

import buoy.linux.layout.InternetChecksum;
import buoy.linux.layout.MacAddress;
import buoy.vrrp.wire.Dissector;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Optional;

/** IPv4 and IPv6 packets, as far as VRRP and neighbour advertisements use them. */
final class IpPacket {
    static final int IPV4 = 0x0800;
    static final int IPV6 = 0x86dd;

    private static final int VRRP = 112;
    private static final int ICMPV6 = 58;
    private static final int IPV4_HEADER = 20;
    private static final int IPV6_HEADER = 40;

    private static final int NEIGHBOUR_ADVERTISEMENT = 136;
    private static final int ADVERTISEMENT_LENGTH = 24;
    private static final int TARGET_LINK_LAYER_ADDRESS = 2;

    private IpPacket() {}

    static Optional<Packet> read(Optional<MacAddress> mac, int etherType, Bytes packet) {
        return switch (etherType) {
            case IPV4 -> ipv4(mac, packet);
            case IPV6 -> ipv6(mac, packet);
            default -> Optional.empty();
        };
    }

    private static Optional<Packet> ipv4(Optional<MacAddress> mac, Bytes packet) {
        if (!packet.has(IPV4_HEADER) || packet.at(9) != VRRP) {
            return Optional.empty();
        }
        int header = (packet.at(0) & 0x0f) * 4;
        boolean isLaterFragment = (packet.shortAt(6) & 0x1fff) != 0;
        if (header < IPV4_HEADER || !packet.has(header) || isLaterFragment) {
            return Optional.empty();
        }
        // Ethernet pads short frames: the packet's own length counts.
        byte[] payload = packet.first(packet.shortAt(2)).after(header).copy();
        return Optional.of(
                protocol112(mac, packet.ipv4At(12), packet.ipv4At(16), packet.at(8), payload));
    }

    private static Optional<Packet> ipv6(Optional<MacAddress> mac, Bytes packet) {
        if (!packet.has(IPV6_HEADER)) {
            return Optional.empty();
        }
        Bytes payload = packet.after(IPV6_HEADER).first(packet.shortAt(4));
        InetAddress source = packet.ipv6At(8);
        InetAddress destination = packet.ipv6At(24);
        int hopLimit = packet.at(7);
        return switch (packet.at(6)) {
            case VRRP ->
                    Optional.of(protocol112(mac, source, destination, hopLimit, payload.copy()));
            case ICMPV6 -> advertisement(mac, source, destination, hopLimit, payload);
            default -> Optional.empty();
        };
    }

    private static Packet protocol112(
            Optional<MacAddress> mac,
            InetAddress source,
            InetAddress destination,
            int ttl,
            byte[] payload) {
        return new Packet.Protocol112(
                mac, source, destination, ttl, Dissector.dissect(payload, source, destination));
    }

    /** RFC 4861 4.4; one that answers a solicitation is none of ours. */
    private static Optional<Packet> advertisement(
            Optional<MacAddress> mac,
            InetAddress source,
            InetAddress destination,
            int hopLimit,
            Bytes icmp) {
        if (!icmp.has(ADVERTISEMENT_LENGTH) || icmp.at(0) != NEIGHBOUR_ADVERTISEMENT) {
            return Optional.empty();
        }
        int flags = icmp.at(4);
        boolean solicited = (flags & 0x40) != 0;
        return solicited
                ? Optional.empty()
                : Optional.of(
                        new Packet.NeighbourAdvertisement(
                                mac,
                                source,
                                icmp.ipv6At(8),
                                holder(icmp.after(ADVERTISEMENT_LENGTH)),
                                hopLimit,
                                (flags & 0x80) != 0,
                                (flags & 0x20) != 0,
                                checksumIsRight(source, destination, icmp.copy())));
    }

    private static Optional<MacAddress> holder(Bytes options) {
        Bytes rest = options;
        while (rest.has(8)) {
            int length = rest.at(1) * 8;
            if (rest.at(0) == TARGET_LINK_LAYER_ADDRESS && length == 8) {
                return Optional.of(rest.macAt(2));
            }
            if (length == 0 || !rest.has(length)) {
                return Optional.empty();
            }
            rest = rest.after(length);
        }
        return Optional.empty();
    }

    /** RFC 8200 8.1. */
    private static boolean checksumIsRight(
            InetAddress source, InetAddress destination, byte[] icmp) {
        byte[] summed =
                ByteBuffer.allocate(IPV6_HEADER + icmp.length)
                        .put(source.getAddress())
                        .put(destination.getAddress())
                        .putInt(icmp.length)
                        .putInt(ICMPV6)
                        .put(icmp)
                        .array();
        return InternetChecksum.of(summed) == 0;
    }
}
