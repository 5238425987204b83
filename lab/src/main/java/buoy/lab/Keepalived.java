package buoy.lab;

import java.util.List;
import java.util.Locale;

/** Debian's keepalived, its VRRP half alone. */
public record Keepalived(Host host, Running process) implements VrrpDaemon {
    /**
     * Starts it with every router at the same priority.
     *
     * @param peer the other host, for the routers that speak unicast
     */
    public static Keepalived start(Host host, Host peer, int priority, List<RouterPlan> routers) {
        return start(host, peer, priority, routers, "");
    }

    /**
     * The same, with real-time scheduling, and without the five gratuitous ARP for each address by
     * which it answers every losing advertisement: at 10 ms it drowns in those.
     */
    public static Keepalived startSteady(
            Host host, Host peer, int priority, List<RouterPlan> routers) {
        return start(
                host,
                peer,
                priority,
                routers,
                """
                    vrrp_rt_priority 30
                    vrrp_rlimit_rttime 10000000
                    vrrp_garp_master_repeat 1
                    vrrp_garp_master_delay 0
                    vrrp_garp_lower_prio_repeat 0
                """);
    }

    private static Keepalived start(
            Host host, Host peer, int priority, List<RouterPlan> routers, String globals) {
        var configuration =
                new StringBuilder(
                        """
                global_defs {
                    router_id %s
                    vrrp_version 3
                %s}
                """
                                .formatted(host.name(), globals));
        for (RouterPlan router : routers) {
            configuration.append(instance(router, host, peer, priority));
        }
        return start(host, configuration.toString());
    }

    /** Starts it with a configuration of the test's own. */
    public static Keepalived start(Host host, String configuration) {
        host.write("/etc/keepalived/keepalived.conf", configuration);
        return new Keepalived(
                host,
                host.start(
                        "keepalived",
                        "keepalived",
                        "--dont-fork",
                        "--log-console",
                        "--log-detail",
                        "--vrrp",
                        "--use-file=/etc/keepalived/keepalived.conf",
                        "--pid=/run/keepalived.pid",
                        "--vrrp_pid=/run/keepalived-vrrp.pid"));
    }

    private static String instance(RouterPlan router, Host host, Host peer, int priority) {
        String unicast =
                switch (router.mode()) {
                    case MULTICAST -> "";
                    case UNICAST ->
                            """
                                unicast_src_ip %s
                                unicast_peer {
                                    %s
                                }
                            """
                                    .formatted(host.address(), peer.address());
                };
        double seconds = router.advertise().toMillis() / 1000.0;
        return """
            vrrp_instance %1$s {
                state BACKUP
                interface eth0
                virtual_router_id %2$d
                version %3$d
                priority %4$d
                advert_int %5$s
            %6$s    virtual_ipaddress {
                    %7$s dev eth0
                }
            }
            """
                .formatted(
                        router.name(),
                        router.routerId(),
                        router.version(),
                        priority,
                        router.version() == 2
                                ? Long.toString(router.advertise().toSeconds())
                                : String.format(Locale.ROOT, "%.2f", seconds),
                        unicast,
                        router.address());
    }
}
