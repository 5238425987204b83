package buoy.linux.layout;

import java.net.InetAddress;
import java.util.Optional;

/**
 * A unicast route ({@code struct rtmsg}, rtnetlink(7)).
 *
 * <pre>
 *  0      1      2      3     4      5        6      7     8           12
 *  +------+------+------+-----+------+--------+------+-----+-----------+----------------------------
 *  |family|dst   |src   |tos  |table |protocol|scope |type | flags     | RTA_DST, RTA_GATEWAY ...
 *  +------+------+------+-----+------+--------+------+-----+-----------+----------------------------
 * </pre>
 *
 * @param to the destination; with length 0 for the default route
 * @param via the next hop; empty for on-link
 * @param interfaceIndex the interface it leaves by; 0 to let the kernel find it by {@code via}
 * @param source the address to prefer as source
 * @param table the routing table; 254 is {@code main}
 * @param metric the lowest wins; 0 for the kernel's default
 */
public record Route(
        IpPrefix to,
        Optional<InetAddress> via,
        int interfaceIndex,
        Optional<InetAddress> source,
        int table,
        int metric) {
    /** The table that holds ordinary routes. */
    public static final int MAIN = 254;

    /**
     * Who made it, as {@code ip route} shows it; rules carry it too. The number of VRRP among the
     * IP protocols, which nobody else uses here: 18 is keepalived's, and what is keepalived's must
     * not be taken for a leftover of ours.
     */
    public static final int PROTOCOL = 112;

    private static final int FIXED = 12;
    private static final int UNICAST = 1;
    private static final int SCOPE_UNIVERSE = 0;
    private static final int SCOPE_LINK = 253;
    private static final int RTA_DST = 1;
    private static final int RTA_OIF = 4;
    private static final int RTA_GATEWAY = 5;
    private static final int RTA_PRIORITY = 6;
    private static final int RTA_PREFSRC = 7;
    private static final int RTA_TABLE = 15;

    /**
     * Asks for all routes of one family that are {@link #PROTOCOL ours}. A kernel too old to filter
     * (before 4.20) answers with all.
     */
    public static byte[] list(int family, int sequence) {
        return new NetlinkRequest(NetlinkMessage.RTM_GETROUTE, NetlinkMessage.DUMP, sequence)
                .bytes(family, 0, 0, 0, 0, PROTOCOL, 0, 0)
                .number32(0)
                .encode();
    }

    /** Adds the route; refused if one to the same destination with the same metric is there. */
    public byte[] add(int sequence) {
        return request(
                NetlinkMessage.RTM_NEWROUTE,
                NetlinkMessage.ACKNOWLEDGE
                        | NetlinkMessage.CREATE
                        | NetlinkMessage.ONLY_IF_NOT_THERE,
                sequence);
    }

    /** Removes the route, if it is ours. */
    public byte[] remove(int sequence) {
        return request(NetlinkMessage.RTM_DELROUTE, NetlinkMessage.ACKNOWLEDGE, sequence);
    }

    private byte[] request(int type, int flags, int sequence) {
        var family = SocketAddress.family(to.address());
        // Only IPv4 knows the scope; a route without next hop reaches as far as the link.
        var scope = via.isEmpty() && family == SocketAddress.AF_INET ? SCOPE_LINK : SCOPE_UNIVERSE;
        var request =
                new NetlinkRequest(type, flags, sequence)
                        .bytes(family, to.length(), 0, 0, 0, PROTOCOL, scope, UNICAST)
                        .number32(0)
                        .attribute(RTA_TABLE, table);
        if (to.length() > 0) {
            request.attribute(RTA_DST, to.address().getAddress());
        }
        via.ifPresent(next -> request.attribute(RTA_GATEWAY, next.getAddress()));
        source.ifPresent(preferred -> request.attribute(RTA_PREFSRC, preferred.getAddress()));
        if (metric != 0) {
            request.attribute(RTA_PRIORITY, metric);
        }
        if (interfaceIndex != 0) {
            request.attribute(RTA_OIF, interfaceIndex);
        }
        return request.encode();
    }

    /** From an {@code RTM_NEWROUTE}, if it is a unicast route of {@link #PROTOCOL ours}. */
    public static Optional<Route> decode(NetlinkMessage message) {
        var body = message.body();
        if (body.length < FIXED || (body[5] & 0xff) != PROTOCOL || body[7] != UNICAST) {
            return Optional.empty();
        }
        var attributes = Attributes.parse(body, FIXED);
        return IpBytes.prefix(body[0] & 0xff, attributes.bytes(RTA_DST), body[1] & 0xff)
                .map(
                        to ->
                                new Route(
                                        to,
                                        attributes.bytes(RTA_GATEWAY).flatMap(IpBytes::address),
                                        attributes.number32(RTA_OIF).orElse(0),
                                        attributes.bytes(RTA_PREFSRC).flatMap(IpBytes::address),
                                        attributes.number32(RTA_TABLE).orElse(body[4] & 0xff),
                                        attributes.number32(RTA_PRIORITY).orElse(0)));
    }
}
