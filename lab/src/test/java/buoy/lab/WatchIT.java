package buoy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.lab.RouterPlan.Mode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * {@code buoy vrrp watch} on a host that takes no part: what keepalived and FRR say, that two of
 * them do not hear each other, and what nobody should say.
 */
@BesideOthers
@Needs(
        value = {"keepalived", "vrrpd", "python3"},
        buoy = true)
class WatchIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final RouterPlan THREE =
            new RouterPlan(
                    "three", 51, 3, Duration.ofMillis(500), Mode.MULTICAST, "198.51.100.151/24");
    private static final RouterPlan TWO =
            new RouterPlan(
                    "two", 52, 2, Duration.ofSeconds(1), Mode.MULTICAST, "198.51.100.152/24");
    private static final RouterPlan SIX =
            new RouterPlan(
                    "six", 53, 3, Duration.ofMillis(500), Mode.MULTICAST, "2001:db8:77::153/64");
    private static final RouterPlan OF_FRR =
            new RouterPlan(
                    "frr", 54, 3, Duration.ofSeconds(1), Mode.MULTICAST, "198.51.100.154/24");

    @Test
    void whateverPassesIsShownAndJudged() throws IOException {
        try (Lan lan = Lan.open("watch")) {
            Host watcher = lan.host("watcher", "198.51.100.9/24", "2001:db8:77::9/64");
            Running watch =
                    watcher.start(
                            "watch", BuoyDaemon.program(), "vrrp", "watch", "-i", "eth0", "--json");
            Host strong = lan.host("strong", "198.51.100.1/24", "2001:db8:77::1/64");
            Host weak = lan.host("weak", "198.51.100.2/24", "2001:db8:77::2/64");
            Host frr = lan.host("frr", "198.51.100.3/24");
            List<RouterPlan> routers = List.of(THREE, TWO, SIX);
            VrrpDaemon first = Keepalived.start(strong, weak, 150, routers);
            Frr.start(frr, 120, List.of(OF_FRR));

            awaitLine(watch, Line.vrrp(3, 51, 150, "checksum\":\"ok with pseudo-header"));
            awaitLine(watch, Line.vrrp(2, 52, 150, "checksum\":\"ok\""));
            awaitLine(watch, Line.vrrp(3, 53, 150, "2001:db8:77::153"));
            awaitLine(watch, Line.vrrp(3, 54, 120, "mac\":\"00:00:5e:00:01:36"));
            awaitLine(watch, Line.with("gratuitous-arp", THREE.host(), strong.mac()));
            awaitLine(watch, Line.with("neighbour-advertisement", SIX.host()));
            // A busy machine may make them late; nothing else may be amiss.
            assertThat(
                            watch.output()
                                    .lines()
                                    .filter(line -> line.contains("\"kind\""))
                                    .filter(line -> !line.contains("\"kind\":\"late\"")))
                    .as("warnings while all is well")
                    .isEmpty();

            first.stop();
            awaitLine(watch, Line.vrrp(3, 51, 0, "\"kind\":\"resign\""));

            strong.separate();
            weak.separate();
            Keepalived.start(strong, weak, 150, routers);
            Keepalived.start(weak, strong, 100, routers);
            awaitLine(watch, Line.vrrp(3, 51, 150, "\"kind\":\"two-active\""));
            awaitLine(watch, Line.vrrp(2, 52, 100, "\"kind\":\"two-active\""));
            awaitLine(watch, Line.vrrp(3, 53, 100, "\"kind\":\"two-active\""));

            String flaws = Resources.text("vrrp-flaws.py");
            List<String> kinds =
                    List.of(
                            "bad-checksum",
                            "wrong-ttl",
                            "count-zero",
                            "interval-zero",
                            "too-short",
                            "carp");
            frr.run(argv(flaws, frr, 54, kinds)).orFail();
            for (String kind : kinds) {
                awaitLine(watch, Line.with("\"kind\":\"" + kind + "\"", "\"router-id\":54"));
            }

            watch.terminate();
            assertThat(watch.awaitEnd(PATIENCE)).isZero();
            assertThat(watch.output())
                    .as("output")
                    .doesNotContain("Exception")
                    .doesNotContain("buoy:");

            Finished everywhere =
                    watcher.run(BuoyDaemon.program(), "vrrp", "watch", "--count", "5");
            assertThat(everywhere.exit()).isZero();
            assertThat(everywhere.output().lines().toList())
                    .hasSizeGreaterThanOrEqualTo(7)
                    .first()
                    .asString()
                    .contains("INTERFACE");
            assertThat(everywhere.output()).contains(" eth0 ", "5 packets");
        }
    }

    private static String[] argv(String script, Host from, int routerId, List<String> kinds) {
        return Stream.concat(
                        Stream.of(
                                "python3",
                                "-c",
                                script,
                                "eth0",
                                from.address(),
                                Integer.toString(routerId),
                                "20",
                                Integer.toString(kinds.size() * 2)),
                        kinds.stream())
                .toArray(String[]::new);
    }

    /** A line of JSON, by what is in it. */
    private record Line(List<String> texts) {
        static Line with(String... texts) {
            return new Line(List.of(texts));
        }

        static Line vrrp(int version, int routerId, int priority, String text) {
            return with(
                    "\"version\":%d,\"router-id\":%d,\"priority\":%d,"
                            .formatted(version, routerId, priority),
                    text);
        }

        boolean fits(String line) {
            return texts.stream().allMatch(line::contains);
        }
    }

    private static void awaitLine(Running watch, Line line) {
        Await.until(
                PATIENCE,
                "a line of the watch (see %s)".formatted(watch.log()),
                () -> {
                    if (!watch.isAlive()) {
                        throw new LabFailed("the watch ended: " + watch.output());
                    }
                    return watch.output().lines().anyMatch(line::fits);
                });
    }
}
