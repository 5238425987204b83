package buoy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.lab.client.Attempts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A reload under load is felt by nobody: no request fails, no address moves. */
@Alone
@Needs(
        value = {"curl"},
        buoy = true)
class ReloadIT {
    private static final String VIP = "198.51.100.100";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration ADVERTISE = Duration.ofSeconds(1);

    /**
     * What changes from one reload to the next.
     *
     * @param servers of the pool, in YAML
     */
    private record Stage(int priority, String servers, String routes) {
        String yaml() {
            return """
            vrrp:
              web:
                interface: eth0
                router-id: 51
                priority: %d
                addresses: [198.51.100.100/24]
            listeners:
              http:
                bind: ["198.51.100.100:80"]
                protocol: http
                routes:
            %s
                  - pool: app
            pools:
              app:
                servers:
            %s
                health: {http: {path: /api/health}, every: 500ms}
              special:
                servers: {app3: "198.51.100.13:5000"}
                health: {http: {path: /api/health}, every: 500ms}
            """
                    .formatted(
                            priority,
                            routes.indent(6).stripTrailing(),
                            servers.indent(6).stripTrailing());
        }

        Stage servers(String other) {
            return new Stage(priority, other, routes);
        }
    }

    private static final String APP1 = "app1: 198.51.100.11:5000\n";
    private static final String APP2 = "app2: 198.51.100.12:5000\n";
    private static final String APP3 = "app3: 198.51.100.13:5000\n";
    private static final String HEAVY2 = "app2: {address: \"198.51.100.12:5000\", weight: 9}\n";

    @Test
    void noRequestFailsAndNoAddressMoves() {
        try (Lan lan = Lan.open("reload")) {
            Host lb1 = lan.host("lb1", "198.51.100.1/24");
            Host lb2 = lan.host("lb2", "198.51.100.2/24");
            for (int i = 1; i <= 3; i++) {
                Scenario2.serve(lan.host("app" + i, "198.51.100.1" + i + "/24"));
            }
            Stage stage = new Stage(150, APP1 + APP2, "");
            AddressEvents events = AddressEvents.on(lb1);
            BuoyDaemon active = BuoyDaemon.start(lb1, stage.yaml());
            Await.until(PATIENCE, "lb1 active", () -> lb1.carries().contains(VIP + "/24"));
            BuoyDaemon.start(lb2, new Stage(100, APP1 + APP2, "").yaml());
            Capture capture = lan.capture();
            LabClient load =
                    LabClient.start(
                            lan.host("client", "198.51.100.200/24"),
                            List.of("http", "http", "http://" + VIP + "/slow?ms=5", "500"));
            awaitAnswers(load, "app1", Instant.EPOCH);

            Instant begun = Instant.now();
            Instant added = reload(active, stage.servers(APP1 + APP2 + APP3));
            awaitAnswers(load, "app3", added);
            reload(active, stage.servers(APP1 + HEAVY2 + APP3));
            awaitShareOf(load, "app2");
            Instant removed = reload(active, stage.servers(HEAVY2 + APP3));
            awaitAnswers(load, "app3", removed);
            Stage routed = new Stage(150, HEAVY2 + APP3, "- {match: {path: /new}, pool: special}");
            reload(active, routed);
            for (int i = 0; i < 20; i++) {
                assertThat(lb1.run("curl", "--silent", "http://" + VIP + "/new").orFail())
                        .startsWith("hello from app3");
            }
            reload(active, new Stage(140, routed.servers(), routed.routes()));
            capture.await("priority 140", PATIENCE, a -> a.priority() == 140);
            Await.pass(Duration.ofSeconds(1));
            Instant ended = Instant.now();
            Attempts all = load.stop().of("http");

            Duration silence = Advertisement.longestGap(capture.advertisements());
            Figures.say(
                    "five reloads at 500 requests/s: %d of %d failed %s; longest gap between advertisements %s"
                            .formatted(
                                    all.failures().size(),
                                    all.size(),
                                    all.reasons(),
                                    Figures.ms(silence)));
            assertThat(all.failures().all()).isEmpty();
            assertThat(all.between(removed.plusSeconds(2), ended).all())
                    .as("requests sent to a removed server")
                    .noneMatch(a -> a.detail().equals("app1"));
            assertThat(capture.advertisements())
                    .as("who advertised")
                    .extracting(Advertisement::mac)
                    .containsOnly(lb1.mac());
            assertThat(capture.advertisements())
                    .extracting(Advertisement::priority)
                    .containsOnly(150, 140);
            assertThat(events.all())
                    .as("addresses removed on lb1")
                    .noneMatch(e -> e.gone() && e.at().isAfter(begun));
            assertThat(capture.arps())
                    .as("announcements of the address, as after a transition")
                    .noneMatch(a -> a.isGratuitous() && a.at().isAfter(begun.plusSeconds(10)));
            assertThat(silence).isLessThan(ADVERTISE.multipliedBy(3));
        }
    }

    private static Instant reload(BuoyDaemon daemon, Stage stage) {
        daemon.host().write(BuoyDaemon.CONFIGURATION, stage.yaml());
        daemon.command("reload").orFail();
        return Instant.now();
    }

    private static void awaitAnswers(LabClient load, String server, Instant since) {
        Await.until(
                PATIENCE,
                "100 answers of " + server,
                () ->
                        load.attempts("http").successes().all().stream()
                                        .filter(a -> a.detail().equals(server))
                                        .filter(a -> a.start().isAfter(since))
                                        .count()
                                >= 100);
    }

    /** Of the last 500 answers, more than six of ten: its weight is 9 of 11. */
    private static void awaitShareOf(LabClient load, String server) {
        Await.until(
                PATIENCE,
                "most answers from " + server,
                () ->
                        load.attempts("http").successes().all().reversed().stream()
                                        .limit(500)
                                        .filter(a -> a.detail().equals(server))
                                        .count()
                                > 300);
    }
}
