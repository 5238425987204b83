package buoy.daemon.watch.packet;

import buoy.linux.layout.MacAddress;
import java.net.InetAddress;
import java.util.Optional;

/** ARP for IPv4 over Ethernet (RFC 826). */
final class ArpPacket {
    static final int ARP = 0x0806;

    private static final int LENGTH = 28;
    private static final long ETHERNET_AND_IPV4 = 0x0001_0800_06_04L;
    private static final int REPLY = 2;

    private ArpPacket() {}

    /** Gratuitous is what has the same address on both sides. */
    static Optional<Packet> read(Optional<MacAddress> mac, Bytes arp) {
        if (!arp.has(LENGTH) || ((long) arp.intAt(0) << 16 | arp.shortAt(4)) != ETHERNET_AND_IPV4) {
            return Optional.empty();
        }
        InetAddress sender = arp.ipv4At(14);
        return sender.equals(arp.ipv4At(24)) && !sender.isAnyLocalAddress()
                ? Optional.of(
                        new Packet.GratuitousArp(
                                mac, arp.macAt(8), sender, arp.shortAt(6) == REPLY))
                : Optional.empty();
    }
}
