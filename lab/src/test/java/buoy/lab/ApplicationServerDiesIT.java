package buoy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.lab.client.Attempt;
import buoy.lab.client.Attempts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An application server killed under load costs what was in flight on it, and nothing more. */
@Alone
@Needs(buoy = true)
class ApplicationServerDiesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void onlyWhatWasInFlightOnItFailsAndNoRefusedConnectReachesTheClient() {
        try (Lan lan = Lan.open("app")) {
            Host lb = lan.host("lb1", "198.51.100.1/24");
            Running app1 = Scenario2.serve(lan.host("app1", "198.51.100.11/24"));
            Scenario2.serve(lan.host("app2", "198.51.100.12/24"));
            Host client = lan.host("client", "198.51.100.200/24");
            BuoyDaemon.start(
                    lb,
                    """
                    listeners:
                      http: {bind: ["198.51.100.1:80"], protocol: http, pool: app}
                    pools:
                      app:
                        servers: {app1: "198.51.100.11:5000", app2: "198.51.100.12:5000"}
                        health: {http: {path: /api/health}, every: 1s, fast: 200ms}
                    """);
            LabClient load =
                    LabClient.start(
                            client,
                            List.of("http", "http", "http://198.51.100.1/slow?ms=20", "500"));
            awaitAnswersOfBoth(load);

            Instant before = Instant.now();
            app1.kill();
            Instant after = Instant.now();
            Await.until(
                    PATIENCE,
                    "1,000 answers after the kill",
                    () -> load.attempts("http").between(after, Instant.now()).size() > 1000);
            Attempts all = load.stop().of("http");

            List<Attempt> failed = all.failures().all();
            long inFlight =
                    all.between(before, after).all().stream()
                            .filter(a -> !a.detail().equals("app2"))
                            .count();
            Figures.say(
                    "application server killed at 500 requests/s: %d of %d failed %s; in flight on it: %d"
                            .formatted(failed.size(), all.size(), all.reasons(), inFlight));
            assertThat(failed)
                    .as("failures of requests that were not in flight when it died")
                    .allMatch(a -> a.start().isBefore(after) && a.end().isAfter(before));
            assertThat((long) failed.size()).isLessThanOrEqualTo(inFlight);
            assertThat(all.reasons()).doesNotContainKey("status-503");
            assertThat(all.between(after.plusSeconds(1), Instant.now()).all())
                    .extracting(Attempt::detail)
                    .containsOnly("app2");
        }
    }

    private static void awaitAnswersOfBoth(LabClient load) {
        for (String server : List.of("app1", "app2")) {
            Await.until(
                    PATIENCE,
                    "200 answers of " + server,
                    () ->
                            load.attempts("http").successes().all().stream()
                                            .filter(a -> a.detail().equals(server))
                                            .count()
                                    >= 200);
        }
    }
}
