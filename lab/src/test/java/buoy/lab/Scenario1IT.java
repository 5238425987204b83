package buoy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.lab.client.Attempts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The files of examples/scenario-1 as they stand: a pair, two applications, which are updated one
 * after the other, and maintenance of a host.
 */
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
            Host app1 = lan.host("app1", "198.51.100.11/24");
            Host app2 = lan.host("app2", "198.51.100.12/24");
            Map<Host, Running> applications =
                    Map.of(app1, Scenario2.serve(app1), app2, Scenario2.serve(app2));
            Certificates.install(lan, List.of(lb1, lb2), List.of("IP:" + VIP));
            String authority = Certificates.trust(lan, client);
            BuoyDaemon active = BuoyDaemon.start(lb1, Tree.example("scenario-1/lb1.yaml"));
            Await.until(PATIENCE, VIP + " on lb1", () -> Scenario2.isActive(lb1));
            BuoyDaemon backup = BuoyDaemon.start(lb2, Tree.example("scenario-1/lb2.yaml"));

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
            LabClient quiet =
                    LabClient.start(
                            client,
                            List.of("browse", "https", "https://" + VIP + "/", "20", authority));
            for (Host host : List.of(app1, app2)) {
                update(
                        host,
                        Objects.requireNonNull(applications.get(host)),
                        List.of(active, backup),
                        quiet);
            }
            Attempts updated = quiet.stop().of("https");
            Figures.say(
                    "one application after the other updated under HTTPS: %d of %d failed %s"
                            .formatted(
                                    updated.failures().size(), updated.size(), updated.reasons()));
            assertThat(updated.failures().all()).isEmpty();

            LabClient load =
                    LabClient.start(
                            client,
                            List.of("browse", "https", "https://" + VIP + "/", "20", authority),
                            List.of("ws", "ws", "wss://" + VIP + "/ws", authority));
            awaitSuccessesSince(load, Instant.EPOCH, "https", "ws");

            Instant from = Instant.now();
            active.stop();
            Await.until(PATIENCE, VIP + " on lb2", () -> Scenario2.isActive(lb2));
            Instant moved = Instant.now();
            awaitSuccessesSince(load, moved, "https", "ws");
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

    /** A server with a new program, in the steps of docs/scenario-1.md. */
    private static void update(
            Host host, Running application, List<BuoyDaemon> balancers, LabClient load) {
        awaitSuccessesSince(load, Instant.now(), "https");
        both(balancers, guide(host).getFirst());
        for (BuoyDaemon each : balancers) {
            awaitServer(each, host, "\"duty\" : \"drain\".*\"active\" : 0,");
        }
        application.kill();
        awaitSuccessesSince(load, Instant.now(), "https");
        Scenario2.serve(host);
        for (BuoyDaemon each : balancers) {
            awaitServer(each, host, "\"state\" : \"up\"");
        }
        BuoyDaemon active = balancers.getFirst();
        String before = finished(active, host);
        both(balancers, guide(host).getLast());
        Await.until(
                PATIENCE,
                "work for " + host + " again",
                () -> !finished(active, host).equals(before));
    }

    /** How many exchanges the server has finished. */
    private static String finished(BuoyDaemon balancer, Host server) {
        Matcher finished =
                Pattern.compile("\"finished\" : (\\d+)").matcher(server(balancer, server));
        assertThat(finished.find()).isTrue();
        return finished.group(1);
    }

    /** What the guide says to do about app1, for this one. */
    private static List<String> guide(Host host) {
        List<String> commands =
                Tree.text("docs/scenario-1.md")
                        .lines()
                        .filter(line -> line.startsWith("buoy server "))
                        .map(line -> line.replaceAll(" *#.*", "").replace("app1", host.name()))
                        .toList();
        assertThat(commands).hasSize(2);
        return commands;
    }

    private static void both(List<BuoyDaemon> balancers, String command) {
        for (BuoyDaemon each : balancers) {
            each.command(command.replaceFirst("^buoy ", "").split(" ", -1)).orFail();
        }
    }

    private static void awaitServer(BuoyDaemon balancer, Host server, String holds) {
        Pattern pattern = Pattern.compile(holds, Pattern.DOTALL);
        Await.until(
                PATIENCE,
                "%s to be %s on %s".formatted(server, holds, balancer.host()),
                () -> pattern.matcher(server(balancer, server)).find());
    }

    /** The server's part of the status. */
    private static String server(BuoyDaemon balancer, Host server) {
        String status = balancer.command("status", "--json").orFail();
        int at = status.indexOf("\"name\" : \"" + server.name() + "\"");
        int next = status.indexOf("\"name\" : ", at + 1);
        return status.substring(at, next < 0 ? status.length() : next);
    }

    private static void awaitSuccessesSince(LabClient load, Instant since, String... roles) {
        for (String role : roles) {
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
