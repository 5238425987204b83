package buoy.lab;

import java.nio.file.Files;
import java.time.Duration;
import java.util.List;

/**
 * FRR's vrrpd, which cannot be without zebra. It speaks from a macvlan with the virtual MAC
 * address, made here as its manual says.
 *
 * @param process vrrpd, which is told when to stop
 */
public record Frr(Host host, Running process, Running zebra) implements VrrpDaemon {
    private static final String CONFIGURATION = "/etc/frr/frr.conf";
    private static final String PROGRAMS = "/usr/lib/frr/";

    /** Starts it with IPv4 routers in multicast. */
    public static Frr start(Host host, int priority, List<RouterPlan> routers) {
        var configuration = new StringBuilder("interface eth0\n");
        for (RouterPlan router : routers) {
            int routerId = router.routerId();
            configuration.append(
                    """
                     vrrp %1$d version %2$d
                     vrrp %1$d priority %3$d
                     vrrp %1$d advertisement-interval %4$d
                     vrrp %1$d ip %5$s
                    """
                            .formatted(
                                    routerId,
                                    router.version(),
                                    priority,
                                    router.advertise().toMillis(),
                                    router.host()));
            host.run(
                            "sh",
                            "-ec",
                            """
                            ip link add vrrp4-%1$d link eth0 type macvlan mode bridge
                            ip link set vrrp4-%1$d address 00:00:5e:00:01:%1$02x
                            ip addr add %2$s dev vrrp4-%1$d
                            ip link set vrrp4-%1$d up
                            """
                                    .formatted(routerId, router.address()))
                    .orFail();
        }
        host.write(CONFIGURATION, configuration.toString());
        host.run("sh", "-ec", "mkdir -p /run/frr; chown frr:frr /run/frr").orFail();
        Running zebra = host.start("zebra", PROGRAMS + "zebra", "-f", CONFIGURATION);
        Await.until(
                Duration.ofSeconds(20),
                "zebra on " + host + " (see " + zebra.log() + ")",
                () -> Files.exists(host.file("/run/frr/zserv.api")));
        return new Frr(host, host.start("vrrpd", PROGRAMS + "vrrpd", "-f", CONFIGURATION), zebra);
    }
}
