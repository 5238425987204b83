package buoy.linux.layout;

import java.util.Map;

/** Requests that change a link that is there, or remove it. */
public final class LinkChange {
    private static final int IFF_UP = 1;
    private static final int IFLA_IFALIAS = 20;
    private static final int IFLA_AF_SPEC = 26;
    private static final int IFLA_INET_CONF = 1;
    private static final int IFLA_INET6_ADDR_GEN_MODE = 8;
    private static final byte ADDR_GEN_NONE = 1;

    private LinkChange() {}

    /** Sets it up or down. */
    public static byte[] up(int index, boolean up, int sequence) {
        return request(NetlinkMessage.RTM_NEWLINK, index, up ? IFF_UP : 0, IFF_UP, sequence)
                .encode();
    }

    /** Leaves a text with it; at most 255 bytes. */
    public static byte[] alias(int index, String alias, int sequence) {
        return request(NetlinkMessage.RTM_NEWLINK, index, 0, 0, sequence)
                .attribute(IFLA_IFALIAS, alias)
                .encode();
    }

    /** Changes IPv4 settings of it; the others stay as they are. */
    public static byte[] settings(int index, Map<Ipv4Setting, Integer> values, int sequence) {
        return request(NetlinkMessage.RTM_NEWLINK, index, 0, 0, sequence)
                .nested(
                        IFLA_AF_SPEC,
                        families ->
                                families.nested(
                                        SocketAddress.AF_INET,
                                        ipv4 ->
                                                ipv4.nested(
                                                        IFLA_INET_CONF,
                                                        conf ->
                                                                values.forEach(
                                                                        (setting, value) ->
                                                                                conf.attribute(
                                                                                        setting
                                                                                                .number(),
                                                                                        value)))))
                .encode();
    }

    /** No IPv6 address appears on it by itself when it is set up, not even a link-local one. */
    public static byte[] withoutOwnIpv6(int index, int sequence) {
        return request(NetlinkMessage.RTM_NEWLINK, index, 0, 0, sequence)
                .nested(
                        IFLA_AF_SPEC,
                        families ->
                                families.nested(
                                        SocketAddress.AF_INET6,
                                        ipv6 ->
                                                ipv6.attribute(
                                                        IFLA_INET6_ADDR_GEN_MODE,
                                                        new byte[] {ADDR_GEN_NONE})))
                .encode();
    }

    /** Removes it, if it is of a kind that can be. */
    public static byte[] remove(int index, int sequence) {
        return request(NetlinkMessage.RTM_DELLINK, index, 0, 0, sequence).encode();
    }

    private static NetlinkRequest request(
            int type, int index, int flags, int change, int sequence) {
        return new NetlinkRequest(type, NetlinkMessage.ACKNOWLEDGE, sequence)
                .bytes(0, 0)
                .number16(0)
                .number32(index)
                .number32(flags)
                .number32(change);
    }
}
