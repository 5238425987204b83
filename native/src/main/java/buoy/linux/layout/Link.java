package buoy.linux.layout;

import java.util.Optional;

/**
 * A network interface ({@code struct ifinfomsg}, rtnetlink(7)).
 *
 * <pre>
 *  0        2        4           8           12          16
 *  +--------+--------+-----------+-----------+-----------+------------------------------
 *  | family | type   | index     | flags     | change    | IFLA_IFNAME, IFLA_ADDRESS ...
 *  +--------+--------+-----------+-----------+-----------+------------------------------
 * </pre>
 *
 * @param type {@code ARPHRD_*}: 1 for Ethernet
 * @param flags {@code IFF_*}
 * @param mac empty where the link has no 48-bit address
 * @param kind how the kernel makes it, as {@code macvlan}; empty for hardware
 * @param alias a text that whoever made it left with it; often empty
 */
public record Link(
        int index,
        String name,
        int type,
        int flags,
        Optional<MacAddress> mac,
        String kind,
        String alias) {
    private static final int ETHERNET = 1;
    private static final int IFF_UP = 0x1;
    private static final int IFF_RUNNING = 0x40;
    private static final int IFF_LOWER_UP = 0x10000;

    private static final int FIXED = 16;
    private static final int IFLA_ADDRESS = 1;
    private static final int IFLA_IFNAME = 3;
    private static final int IFLA_LINKINFO = 18;
    private static final int IFLA_INFO_KIND = 1;
    private static final int IFLA_IFALIAS = 20;

    /** Set up by the administrator. */
    public boolean isUp() {
        return (flags & IFF_UP) != 0;
    }

    /** What is sent leaves: set up, with a carrier, and operational. */
    public boolean isRunning() {
        var needed = IFF_UP | IFF_RUNNING | IFF_LOWER_UP;
        return (flags & needed) == needed;
    }

    /** Neighbours are found by ARP and neighbour discovery over 48-bit addresses. */
    public boolean isEthernet() {
        return type == ETHERNET;
    }

    /** Asks for all links. */
    public static byte[] list(int sequence) {
        return new NetlinkRequest(NetlinkMessage.RTM_GETLINK, NetlinkMessage.DUMP, sequence)
                .bytes(0, 0)
                .number16(0)
                .number32(0)
                .number32(0)
                .number32(0)
                .encode();
    }

    /** Asks for the link of this name. */
    public static byte[] named(String name, int sequence) {
        return new NetlinkRequest(NetlinkMessage.RTM_GETLINK, NetlinkMessage.ACKNOWLEDGE, sequence)
                .bytes(0, 0)
                .number16(0)
                .number32(0)
                .number32(0)
                .number32(0)
                .attribute(IFLA_IFNAME, name)
                .encode();
    }

    /**
     * From an {@code RTM_NEWLINK} or {@code RTM_DELLINK}; empty if it lacks what a link must have.
     */
    public static Optional<Link> decode(NetlinkMessage message) {
        var body = message.body();
        // A bridge speaks of its ports with its own family; those are not links of their own.
        if (body.length < FIXED || body[0] != 0) {
            return Optional.empty();
        }
        var fixed = NativeOrder.wrap(body);
        var type = Short.toUnsignedInt(fixed.getShort(2));
        var index = fixed.getInt(4);
        var flags = fixed.getInt(8);
        var attributes = Attributes.parse(body, FIXED);
        var mac =
                attributes
                        .bytes(IFLA_ADDRESS)
                        .filter(bytes -> bytes.length == MacAddress.LENGTH)
                        .map(MacAddress::of);
        var kind =
                attributes
                        .bytes(IFLA_LINKINFO)
                        .flatMap(info -> Attributes.parse(info, 0).text(IFLA_INFO_KIND))
                        .orElse("");
        var alias = attributes.text(IFLA_IFALIAS).orElse("");
        return attributes
                .text(IFLA_IFNAME)
                .filter(name -> !name.isEmpty())
                .map(name -> new Link(index, name, type, flags, mac, kind, alias));
    }
}
