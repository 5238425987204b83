package buoy.linux.layout;

import java.net.Inet6Address;
import java.nio.ByteBuffer;

/**
 * The frame by which an active router tells the link who has an IPv6 address now: an unsolicited
 * neighbour advertisement to all nodes with the override flag (RFC 9568 6.4.1; RFC 4861 4.4).
 *
 * <pre>
 *  0                   6          12      14             54
 *  +-------------------+----------+-------+--------------+------------------------------------+
 *  | 33:33:00:00:00:01 | our MAC  | 86 dd | IPv6 header  | ICMPv6 136, flags R S O, target,   |
 *  |                   |          |       | hop limit 255| option 2: our MAC       (32 bytes) |
 *  +-------------------+----------+-------+--------------+------------------------------------+
 *    source = virtual address, destination = ff02::1
 * </pre>
 */
public final class NeighbourAdvertisement {
    /** EtherType of IPv6. */
    public static final int ETHERTYPE = 0x86dd;

    private static final int LENGTH = 86;
    private static final int PAYLOAD = 32;
    private static final int ICMPV6 = 58;
    private static final byte TYPE = (byte) 136;
    private static final int ROUTER = 0x8000_0000;
    private static final int OVERRIDE = 0x2000_0000;
    private static final byte TARGET_LINK_LAYER_ADDRESS = 2;
    private static final MacAddress ALL_NODES_MAC = new MacAddress(0x3333_0000_0001L);
    private static final byte[] ALL_NODES = {
        (byte) 0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1
    };

    private NeighbourAdvertisement() {}

    /**
     * The frame, from the destination MAC on.
     *
     * @param mac whose address it is: the interface's, or the virtual router's MAC
     * @param address the virtual address
     * @param router the R flag: whether this host forwards IPv6. A host that does not must not set
     *     it, or neighbours would make a default router of it.
     */
    public static byte[] frame(MacAddress mac, Inet6Address address, boolean router) {
        var target = address.getAddress();
        var checksum =
                InternetChecksum.of(pseudoHeader(target).put(icmp(mac, target, router, 0)).array());
        return ByteBuffer.allocate(LENGTH)
                .put(ALL_NODES_MAC.bytes())
                .put(mac.bytes())
                .putShort((short) ETHERTYPE)
                .putInt(6 << 28)
                .putShort((short) PAYLOAD)
                .put((byte) ICMPV6)
                .put((byte) 255)
                .put(target)
                .put(ALL_NODES)
                .put(icmp(mac, target, router, checksum))
                .array();
    }

    private static byte[] icmp(MacAddress mac, byte[] target, boolean router, int checksum) {
        return ByteBuffer.allocate(PAYLOAD)
                .put(TYPE)
                .put((byte) 0)
                .putShort((short) checksum)
                .putInt(OVERRIDE | (router ? ROUTER : 0))
                .put(target)
                .put(TARGET_LINK_LAYER_ADDRESS)
                .put((byte) 1) // in units of 8 bytes
                .put(mac.bytes())
                .array();
    }

    /** RFC 8200 8.1, with room for the ICMPv6 message behind it. */
    private static ByteBuffer pseudoHeader(byte[] source) {
        return ByteBuffer.allocate(40 + PAYLOAD)
                .put(source)
                .put(ALL_NODES)
                .putInt(PAYLOAD)
                .putInt(ICMPV6);
    }
}
