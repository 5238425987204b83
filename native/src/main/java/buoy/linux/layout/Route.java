package buoy.linux.layout;

import java.net.InetAddress;
import java.util.Optional;

/**
 * A route ({@code struct rtmsg}, rtnetlink(7)).
 *
 * <pre>
 *  0      1      2      3     4      5        6      7     8           12
 *  +------+------+------+-----+------+--------+------+-----+-----------+----------------------------
 *  |family|dst   |src   |tos  |table |protocol|scope |type | flags     | RTA_DST, RTA_GATEWAY ...
 *  +------+------+------+-----+------+--------+------+-----+-----------+----------------------------
 * </pre>
 *
 * @param to the destination prefix's address; all zeros with prefix length 0 for the default route
 * @param via the next hop; empty for on-link
 * @param interfaceIndex the interface it leaves by; 0 to let the kernel find it by {@code via}
 * @param source the address to prefer as source
 * @param table the routing table; 254 is {@code main}
 */
public record Route(
        InetAddress to,
        int prefixLength,
        Optional<InetAddress> via,
        int interfaceIndex,
        Optional<InetAddress> source,
        int table) {
    /** The table that holds ordinary routes. */
    public static final int MAIN = 254;

    /** Who made it, as {@code ip route} shows it: keepalived's number, which says the same. */
    private static final int PROTOCOL = 18;

    private static final int UNICAST = 1;
    private static final int SCOPE_UNIVERSE = 0;
    private static final int SCOPE_LINK = 253;
    private static final int RTA_DST = 1;
    private static final int RTA_OIF = 4;
    private static final int RTA_GATEWAY = 5;
    private static final int RTA_PREFSRC = 7;
    private static final int RTA_TABLE = 15;

    /** Adds the route, or replaces the one to the same destination. */
    public byte[] put(int sequence) {
        return request(
                NetlinkMessage.RTM_NEWROUTE,
                NetlinkMessage.ACKNOWLEDGE | NetlinkMessage.CREATE | NetlinkMessage.REPLACE,
                sequence);
    }

    /** Removes the route. */
    public byte[] remove(int sequence) {
        return request(NetlinkMessage.RTM_DELROUTE, NetlinkMessage.ACKNOWLEDGE, sequence);
    }

    private byte[] request(int type, int flags, int sequence) {
        var family = SocketAddress.family(to);
        // Only IPv4 knows the scope; a route without next hop reaches as far as the link.
        var scope = via.isEmpty() && family == SocketAddress.AF_INET ? SCOPE_LINK : SCOPE_UNIVERSE;
        var request =
                new NetlinkRequest(type, flags, sequence)
                        .bytes(family, prefixLength, 0, 0, 0, PROTOCOL, scope, UNICAST)
                        .number32(0)
                        .attribute(RTA_TABLE, table);
        if (prefixLength > 0) {
            request.attribute(RTA_DST, to.getAddress());
        }
        via.ifPresent(next -> request.attribute(RTA_GATEWAY, next.getAddress()));
        source.ifPresent(preferred -> request.attribute(RTA_PREFSRC, preferred.getAddress()));
        if (interfaceIndex != 0) {
            request.attribute(RTA_OIF, interfaceIndex);
        }
        return request.encode();
    }
}
