package buoy.daemon.lan;

import buoy.config.model.FloatingRoute;
import buoy.config.model.FloatingRule;
import buoy.config.model.Prefix;
import buoy.linux.Netlink;
import buoy.linux.SyscallFailed;
import buoy.linux.layout.IpPrefix;
import buoy.linux.layout.Route;
import buoy.linux.layout.Rule;
import buoy.linux.layout.SocketAddress;
import buoy.vrrp.KernelRefused;
import buoy.vrrp.RoutingTable;
import java.net.Inet4Address;
import java.net.InetAddress;

/**
 * Routes and rules over netlink. All bear a number by which those of a killed process are known.
 */
final class KernelRoutes implements RoutingTable {
    private static final IpPrefix ALL_IPV4 = new IpPrefix(InetAddress.ofLiteral("0.0.0.0"), 0);
    private static final IpPrefix ALL_IPV6 = new IpPrefix(InetAddress.ofLiteral("::"), 0);

    private final Opened<Netlink> netlink;
    private final KernelLinks links;

    KernelRoutes(Opened<Netlink> netlink, KernelLinks links) {
        this.netlink = netlink;
        this.links = links;
    }

    @Override
    public boolean add(Entry entry) throws KernelRefused {
        return switch (entry) {
            case Entry.Route route -> {
                var link =
                        Refusal.translated(() -> links.find(route.interfaceName()))
                                .orElseThrow(() -> new KernelRefused(missing(route)));
                yield Refusal.translated(
                        () -> netlink.get().add(inKernelWords(route, link.index())));
            }
            case Entry.Rule(var rule) ->
                    Refusal.translated(() -> netlink.get().add(inKernelWords(rule)));
        };
    }

    private static String missing(Entry.Route route) {
        return "%s: interface %s is missing (it is added as soon as that is there)"
                .formatted(route, route.interfaceName());
    }

    @Override
    public void remove(Entry entry) throws KernelRefused {
        Refusal.translated(
                () ->
                        switch (entry) {
                            case Entry.Route route -> {
                                var link = links.find(route.interfaceName());
                                // Without its link it is gone.
                                yield link.isPresent()
                                        && netlink.get()
                                                .remove(inKernelWords(route, link.get().index()));
                            }
                            case Entry.Rule(var rule) -> netlink.get().remove(inKernelWords(rule));
                        });
    }

    @Override
    public void clear() throws KernelRefused {
        Refusal.translated(this::removeAll);
    }

    private boolean removeAll() throws SyscallFailed {
        for (var rule : netlink.get().rules()) {
            var _ = netlink.get().remove(rule);
        }
        for (var route : netlink.get().routes()) {
            var _ = netlink.get().remove(route);
        }
        return true;
    }

    private static Route inKernelWords(Entry.Route entry, int interfaceIndex) {
        FloatingRoute route = entry.route();
        return new Route(
                route.to().map(KernelRoutes::inKernelWords).orElseGet(() -> all(route)),
                route.via(),
                interfaceIndex,
                route.source(),
                route.table().number(),
                route.metric().orElse(0));
    }

    /** The default route is of the family of what else is told of it. */
    private static IpPrefix all(FloatingRoute route) {
        return route.via().or(route::source).orElseThrow() instanceof Inet4Address
                ? ALL_IPV4
                : ALL_IPV6;
    }

    private static Rule inKernelWords(FloatingRule rule) {
        return new Rule(
                SocketAddress.family(rule.from().or(rule::to).orElseThrow().address()),
                rule.from().map(KernelRoutes::inKernelWords),
                rule.to().map(KernelRoutes::inKernelWords),
                rule.table(),
                rule.priority());
    }

    private static IpPrefix inKernelWords(Prefix prefix) {
        return new IpPrefix(prefix.address(), prefix.length());
    }
}
