package buoy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/**
 * What a host gives its address up for: nobody behind it, no link before it. A handover that a busy
 * machine made late is measured again, at most three times, and the best counts.
 */
@BesideOthers
@Needs(buoy = true)
class FaultIT {
    private static final String VIP = "198.51.100.100";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int WEAK = 100;
    private static final int ROUNDS = 3;

    /** The weak host's skew at an interval of 100 ms, and 100 ms. */
    private static final Duration LIMIT =
            Duration.ofMillis(100).multipliedBy(256 - WEAK).dividedBy(256).plusMillis(100);

    /** Each host has an application server of its own, so that one pool can be empty alone. */
    private static String configuration(int priority, String server) {
        return """
        vrrp:
          web:
            interface: eth0
            router-id: 51
            priority: %d
            advertise: 100ms
            addresses: [198.51.100.100/24]
            track:
              - {pool: app, fault-below: 1}
        listeners:
          http: {bind: ["198.51.100.100:80"], protocol: http, pool: app}
        pools:
          app:
            servers: {app: "%s:5000"}
            health: {http: {path: /api/health}, every: 200ms, timeout: 200ms, fall: 2, rise: 2}
        """
                .formatted(priority, server);
    }

    @Test
    void theAddressMovesWhenThePoolIsEmptyAndWhenTheLinkIsDown() {
        try (Lan lan = Lan.open("fault")) {
            Host lb1 = lan.host("lb1", "198.51.100.1/24");
            Host lb2 = lan.host("lb2", "198.51.100.2/24");
            Host app1 = lan.host("app1", "198.51.100.11/24");
            Running server1 = Scenario2.serve(app1);
            Scenario2.serve(lan.host("app2", "198.51.100.12/24"));
            Capture capture = lan.capture();
            BuoyDaemon.start(lb1, configuration(150, "198.51.100.11"));
            BuoyDaemon.start(lb2, configuration(WEAK, "198.51.100.12"));
            awaitOnly(lb1, lb2);

            Duration best = Duration.ofDays(1);
            for (int round = 1; round <= ROUNDS && best.compareTo(LIMIT) > 0; round++) {
                Duration handover = handover(capture, server1, lb1, lb2);
                best = handover.compareTo(best) < 0 ? handover : best;
                awaitOnly(lb2, lb1);
                server1 = Scenario2.serve(app1);
                awaitOnly(lb1, lb2);
            }
            assertThat(best).isLessThanOrEqualTo(LIMIT);

            lb1.cutLink();
            awaitOnly(lb2, lb1);
            lb1.joinLink();
            awaitOnly(lb1, lb2);
        }
    }

    /** From the offer, priority 0, to the first advertisement of the other host. */
    private static Duration handover(Capture capture, Running server, Host from, Host to) {
        Instant killed = Instant.now();
        server.kill();
        Advertisement offered =
                capture.await(
                        from + " to offer the address",
                        PATIENCE,
                        a ->
                                a.mac().equals(from.mac())
                                        && a.priority() == 0
                                        && a.at().isAfter(killed));
        Advertisement taken =
                capture.await(
                        to + " to take it",
                        PATIENCE,
                        a -> a.mac().equals(to.mac()) && a.at().isAfter(offered.at()));
        Duration handover = Duration.between(offered.at(), taken.at());
        Figures.say(
                "pool empty: offered %s after the kill, taken %s after the offer (limit %s)"
                        .formatted(
                                Figures.ms(Duration.between(killed, offered.at())),
                                Figures.ms(handover),
                                Figures.ms(LIMIT)));
        return handover;
    }

    private static void awaitOnly(Host there, Host elsewhere) {
        Await.until(
                PATIENCE,
                VIP + " on " + there + " alone",
                () -> Scenario2.isActive(there) && !Scenario2.isActive(elsewhere));
    }
}
