package buoy.config.model;

import java.net.InetAddress;
import java.util.Optional;

/**
 * {@code vrrp.NAME.routes[]}: a route that is there while the router is active. Its addresses are
 * of one family.
 *
 * @param to without host bits; empty means the default route, and then {@code via} or {@code
 *     source} tells the family
 * @param via the gateway; empty means that the destination is on the link
 * @param source preferred for packets that take the route
 * @param interfaceName the link; empty means that of the router
 * @param metric empty means the kernel's default
 */
public record FloatingRoute(
        Optional<Prefix> to,
        Optional<InetAddress> via,
        Optional<InetAddress> source,
        Optional<String> interfaceName,
        Table table,
        Optional<Integer> metric) {
    /** A routing table by its number. */
    public record Table(int number) {
        public static final Table DEFAULT = new Table(253);
        public static final Table MAIN = new Table(254);
        public static final Table LOCAL = new Table(255);
    }
}
