package buoy.lab;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The primary moves, dies whole or loses its link, a replica lags, or the balancer's own host dies:
 * what was committed is there, nobody who arrives is refused, and it takes less time than with
 * HAProxy as Patroni documents it; a part of that gain is Buoy's shorter intervals (checks each 500
 * ms beside 3 s, fall 3, rise 2; VRRP each 100 ms beside keepalived's 1 s). A session that is
 * proving its password to the primary when that ends is lost with it, and told so: the proof
 * answers what this one server asked, and cannot be shown to another.
 */
@Alone
@Needs(
        value = {"patroni", "etcd", "haproxy", "keepalived", "psql"},
        buoy = true)
class FailoverIT {
    /** What the end of five minutes is kept for. */
    private static final Duration FAILOVER = Duration.ofSeconds(30);

    private static final List<String> READERS =
            List.of("arrivals", "readers", "198.51.100.100", "5433", "500");

    private static final List<List<String>> BENCHES =
            List.of(
                    List.of("pgbench", "pgbench-buoy", "198.51.100.100", "5432"),
                    List.of("pgbench", "pgbench-haproxy", "198.51.100.101", "5000"));

    @Test
    void aSwitchOverAndTheDeathOfHostsRefuseNobodyAndLoseNothing() {
        try (FailoverDrill drill = new FailoverDrill(List.of())) {
            drill.when("switch-over", drill::switchOver);
            drill.awaitReady();
            drill.whenTheBalancersHostsDie();
            drill.when("primary host without power", FailoverDrill::powerOff);
            drill.assertNothingWasLost("buoy", "haproxy");
        }
    }

    /** A primary that comes back is one no longer: nobody writes to it. */
    @Test
    @Tag("soak")
    void norDoFiveMinutesOfEverythingUnderPgbench() {
        List<List<String>> more = new ArrayList<>(BENCHES);
        more.add(READERS);
        try (FailoverDrill drill = new FailoverDrill(more)) {
            Instant end = Instant.now().plus(Duration.ofMinutes(5));
            drill.whenAReplicaLags();
            drill.when("primary's link cut", drill::cutLink);
            drill.awaitReady();
            drill.whenTheBalancersHostsDie();
            for (int i = 1; Instant.now().isBefore(end.minus(FAILOVER)); i++) {
                drill.when("switch-over " + i, drill::switchOver);
                drill.awaitReady();
            }
            drill.when("primary host without power", FailoverDrill::powerOff);
            drill.assertNothingWasLost("buoy", "haproxy", "pgbench-buoy", "pgbench-haproxy");
        }
    }
}
