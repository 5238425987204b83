package buoy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.lab.client.Attempts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The files of examples/scenario-1 as they stand: a pair, two applications, and maintenance. */
@BesideOthers
@Needs(
        value = {"openssl"},
        buoy = true)
class Scenario1IT {
    private static final String VIP = Scenario2.ADDRESS;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void aPairServesAndAStoppedHostHandsItsAddressOver() {
        try (Lan lan = Lan.open("scenario1")) {
            Host lb1 = lan.host("lb1", "198.51.100.1/24");
            Host lb2 = lan.host("lb2", "198.51.100.2/24");
            Host client = lan.host("client", "198.51.100.200/24");
            Scenario2.serve(lan.host("app1", "198.51.100.11/24"));
            Scenario2.serve(lan.host("app2", "198.51.100.12/24"));
            Certificates.install(lan, List.of(lb1, lb2), List.of("IP:" + VIP));
            String authority = Certificates.trust(lan, client);
            BuoyDaemon active = BuoyDaemon.start(lb1, Tree.example("scenario-1/lb1.yaml"));
            Await.until(PATIENCE, VIP + " on lb1", () -> Scenario2.isActive(lb1));
            BuoyDaemon.start(lb2, Tree.example("scenario-1/lb2.yaml"));

            assertThat(
                            client.run(
                                            "curl",
                                            "--silent",
                                            "--output",
                                            "/dev/null",
                                            "--write-out",
                                            "%{http_code} %{redirect_url}",
                                            "http://" + VIP + "/a?b=c")
                                    .orFail())
                    .isEqualTo("308 https://" + VIP + "/a?b=c");
            LabClient load =
                    LabClient.start(
                            client,
                            List.of("browse", "https", "https://" + VIP + "/", "20", authority),
                            List.of("ws", "ws", "wss://" + VIP + "/ws", authority));
            awaitSuccessesSince(load, Instant.EPOCH);

            Instant from = Instant.now();
            active.stop();
            Await.until(PATIENCE, VIP + " on lb2", () -> Scenario2.isActive(lb2));
            Instant moved = Instant.now();
            awaitSuccessesSince(load, moved);
            Instant to = Instant.now();
            Attempts https = load.stop().of("https");
            Figures.say(
                    "graceful stop of the active host under HTTPS: %d of %d failed %s, longest time without success %s"
                            .formatted(
                                    https.failures().size(),
                                    https.size(),
                                    https.reasons(),
                                    Figures.ms(https.longestGap(from, to))));
            assertThat(Scenario2.isActive(lb1)).isFalse();
            assertThat(active.process().isAlive()).isFalse();
            assertThat(https.failures().all())
                    .as("failures of requests begun a second after the address had moved")
                    .noneMatch(a -> a.start().isAfter(moved.plusSeconds(1)));
        }
    }

    private static void awaitSuccessesSince(LabClient load, Instant since) {
        for (String role : List.of("https", "ws")) {
            Await.until(
                    PATIENCE,
                    "30 successes of " + role,
                    () ->
                            load.attempts(role).successes().all().stream()
                                            .filter(a -> a.start().isAfter(since))
                                            .count()
                                    >= 30);
        }
    }
}
