package buoy.linux.layout;

import java.net.Inet4Address;
import java.nio.ByteBuffer;

/**
 * The frame by which an active router tells the link who has an IPv4 address now: a broadcast ARP
 * request whose sender and target protocol address are the virtual one (RFC 9568 6.4.1, (115)).
 *
 * <pre>
 *  0                   6                   12        14
 *  +-------------------+-------------------+---------+----------------
 *  | ff:ff:ff:ff:ff:ff | our MAC           | 08 06   | ARP (28 bytes)
 *  +-------------------+-------------------+---------+----------------
 *    hardware 1 | protocol 0800 | 6 | 4 | request 1
 *    sender MAC = our MAC | sender IP = virtual | target MAC = our MAC | target IP = virtual
 * </pre>
 */
public final class GratuitousArp {
    /** EtherType of ARP. */
    public static final int ETHERTYPE = 0x0806;

    private static final int LENGTH = 42;

    private GratuitousArp() {}

    /**
     * The frame, from the destination MAC on.
     *
     * @param mac whose address it is: the interface's, or the virtual router's MAC
     * @param address the virtual address
     */
    public static byte[] frame(MacAddress mac, Inet4Address address) {
        return ByteBuffer.allocate(LENGTH)
                .put(MacAddress.BROADCAST.bytes())
                .put(mac.bytes())
                .putShort((short) ETHERTYPE)
                .putShort((short) 1) // Ethernet
                .putShort((short) 0x0800) // IPv4
                .put((byte) MacAddress.LENGTH)
                .put((byte) 4)
                .putShort((short) 1) // request
                .put(mac.bytes())
                .put(address.getAddress())
                .put(mac.bytes())
                .put(address.getAddress())
                .array();
    }
}
