package buoy.lab;

import buoy.lab.app.AppServer;
import java.time.Duration;
import java.util.List;

/**
 * The hosts of {@code examples/scenario-2}, with everything on them but Buoy.
 *
 * <pre>
 *   client .200 ---- 198.51.100.100 on lb1 .1 or lb2 .2 ---- app1 .11, app2 .12   :5000
 *                                                       ---- pg1 .21, pg2 .22, pg3 .23 :5432
 *                                                            etcd .20
 * </pre>
 */
final class Scenario2 {
    static final String ADDRESS = "198.51.100.100";

    final Lan lan;
    final Host lb1;
    final Host lb2;
    final Host app1;
    final Host app2;
    final Host client;

    /** What the client has to trust, a file on it. */
    final String authority;

    final PatroniCluster postgres;

    /** Starts everything; PostgreSQL takes longest, so it starts first and is not awaited. */
    Scenario2(Lan lan) {
        this.lan = lan;
        this.postgres =
                PatroniCluster.start(
                        lan.host("etcd", "198.51.100.20/24"),
                        List.of(
                                lan.host("pg1", "198.51.100.21/24"),
                                lan.host("pg2", "198.51.100.22/24"),
                                lan.host("pg3", "198.51.100.23/24")));
        this.lb1 = lan.host("lb1", "198.51.100.1/24");
        this.lb2 = lan.host("lb2", "198.51.100.2/24");
        this.app1 = lan.host("app1", "198.51.100.11/24");
        this.app2 = lan.host("app2", "198.51.100.12/24");
        this.client = lan.host("client", "198.51.100.200/24");
        Certificates.install(
                lan, List.of(lb1, lb2), List.of("DNS:app.example.com", "IP:" + ADDRESS));
        this.authority = Certificates.trust(lan, client);
        for (Host host : List.of(lb1, lb2)) {
            host.write(
                    BuoyDaemon.CONFIGURATION, Tree.example("scenario-2/" + host.name() + ".yaml"));
        }
    }

    /** An application server, serving when this returns. */
    static Running serve(Host host) {
        Running server = host.startJava("app", AppServer.class, host.name(), "5000");
        server.awaitOutput("serving", Duration.ofSeconds(30));
        return server;
    }

    /** Whether the host carries the floating address. */
    static boolean isActive(Host host) {
        return host.isUp() && host.carries().stream().anyMatch(a -> a.startsWith(ADDRESS + "/"));
    }
}
