package buoy.linux.layout;

/**
 * A link with a MAC address of its own on top of another link: what the world sends to that address
 * on the wire of the lower link arrives here.
 *
 * @param name at most 15 bytes
 * @param lower the index of the link below
 */
public record Macvlan(String name, int lower, MacAddress mac) {
    /** As {@link Link#kind} tells it. */
    public static final String KIND = "macvlan";

    private static final int LONGEST_NAME = 15;
    private static final int IFLA_ADDRESS = 1;
    private static final int IFLA_IFNAME = 3;
    private static final int IFLA_LINK = 5;
    private static final int IFLA_LINKINFO = 18;
    private static final int IFLA_INFO_KIND = 1;
    private static final int IFLA_INFO_DATA = 2;
    private static final int IFLA_MACVLAN_MODE = 1;
    private static final int MODE_BRIDGE = 4;

    public Macvlan {
        if (name.isEmpty() || name.length() > LONGEST_NAME) {
            throw new IllegalArgumentException("no name for a link: " + name);
        }
    }

    /**
     * Asks for a link of this kind on no other: refused as {@code EINVAL} by a kernel that knows
     * the kind, as {@code EOPNOTSUPP} by one that does not, and made by none.
     */
    public static byte[] probe(String kind, int sequence) {
        return newLink(sequence)
                .nested(IFLA_LINKINFO, info -> info.attribute(IFLA_INFO_KIND, kind))
                .encode();
    }

    /**
     * Makes the link, down; refused if the name is taken.
     *
     * <p>In bridge mode. In private mode the kernel gives a multicast or broadcast frame that
     * carries this MAC address as its source to this link <em>alone</em>, so the link below would
     * be deaf to an advertisement of any other router of the same virtual MAC address.
     */
    public byte[] make(int sequence) {
        return newLink(sequence)
                .attribute(IFLA_IFNAME, name)
                .attribute(IFLA_LINK, lower)
                .attribute(IFLA_ADDRESS, mac.bytes())
                .nested(
                        IFLA_LINKINFO,
                        info ->
                                info.attribute(IFLA_INFO_KIND, KIND)
                                        .nested(
                                                IFLA_INFO_DATA,
                                                data ->
                                                        data.attribute(
                                                                IFLA_MACVLAN_MODE, MODE_BRIDGE)))
                .encode();
    }

    private static NetlinkRequest newLink(int sequence) {
        return new NetlinkRequest(
                        NetlinkMessage.RTM_NEWLINK,
                        NetlinkMessage.ACKNOWLEDGE
                                | NetlinkMessage.CREATE
                                | NetlinkMessage.ONLY_IF_NOT_THERE,
                        sequence)
                .bytes(0, 0)
                .number16(0)
                .number32(0)
                .number32(0)
                .number32(0);
    }
}
