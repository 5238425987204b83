package buoy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.lab.client.Attempts;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A thousand pieces of garbage a second at the VRRP sockets and at every listener: advertisements
 * stay on time, nothing is thrown, memory stays flat.
 */
@Needs(
        value = {"python3", "openssl"},
        buoy = true)
class GarbageIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration ADVERTISE = Duration.ofMillis(100);
    private static final int RATE = 1000;
    private static final long MOST_GROWTH_KIB = 48 * 1024;
    private static final int MOST_LINES = 100;

    /** One port for each kind of listener, and the page. */
    private static final List<Integer> PORTS = List.of(80, 443, 5432, 9000, 8404);

    private static final String YAML =
            """
            stats: {bind: 198.51.100.1:8404, users: {ops: "{bcrypt}$2a$10$abcdefghijklmnopqrstuuJ6IhXzZ5VYqYVRb9Pj0qYvXGqJ5o0xG"}}
            vrrp:
              web:
                interface: eth0
                router-id: 51
                priority: 150
                advertise: 100ms
                addresses: [198.51.100.100/24]
              web6:
                interface: eth0
                router-id: 51
                priority: 150
                advertise: 100ms
                addresses: ["2001:db8:77::100/64"]
            certificates:
              site: {chain: /etc/buoy/tls/site.crt, key: /etc/buoy/tls/site.key}
            listeners:
              http: {bind: ["198.51.100.1:80"], protocol: http, pool: app}
              https: {bind: ["198.51.100.1:443"], protocol: http, pool: app, tls: {certificates: [site]}}
              postgres: {bind: ["198.51.100.1:5432"], protocol: postgres, pool: app}
              raw: {bind: ["198.51.100.1:9000"], protocol: tcp, pool: app}
            pools:
              app: {servers: {app1: "198.51.100.11:5000"}, health: {http: {path: /api/health}}}
            """;

    @Test
    void garbageChangesNothing() throws IOException {
        throwGarbage(Duration.ofSeconds(8));
    }

    @Tag("soak")
    @Test
    void halfAMinuteOfGarbageChangesNothing() throws IOException {
        throwGarbage(Duration.ofSeconds(30));
    }

    private static void throwGarbage(Duration time) throws IOException {
        try (Lan lan = Lan.open("garbage")) {
            Host lb = lan.host("lb1", "198.51.100.1/24", "2001:db8:77::1/64");
            Host noisy = lan.host("noisy", "198.51.100.66/24", "2001:db8:77::66/64");
            Host client = lan.host("client", "198.51.100.200/24");
            Scenario2.serve(lan.host("app1", "198.51.100.11/24"));
            Certificates.install(lan, List.of(lb), List.of("IP:198.51.100.1"));
            BuoyDaemon buoy = BuoyDaemon.start(lb, YAML);
            Await.until(PATIENCE, "lb1 active", () -> lb.carries().contains("198.51.100.100/24"));
            Capture capture = lan.capture();
            LabClient load =
                    LabClient.start(client, List.of("http", "http", "http://198.51.100.1/", "50"));

            Running noise =
                    noisy.start(
                            "vrrp-noise",
                            "python3",
                            "-c",
                            resource("vrrp-noise.py"),
                            "eth0",
                            "198.51.100.1",
                            Integer.toString(RATE),
                            "51");
            LabClient tcpNoise = LabClient.start(noisy, PORTS.stream().map(GarbageIT::at).toList());
            noise.awaitOutput("sending", PATIENCE);
            Await.pass(time.dividedBy(2));
            long memoryBefore = buoy.residentKib();
            Instant from = Instant.now();
            Await.pass(time.dividedBy(2));
            Instant to = Instant.now();
            long memoryAfter = buoy.residentKib();
            noise.tell("enough");
            noise.awaitEnd(PATIENCE);
            Attempts thrown = tcpNoise.stop();
            Attempts served = load.stop().of("http");

            List<Advertisement> ours =
                    capture.advertisements().stream()
                            .filter(
                                    a ->
                                            a.mac().equals(lb.mac())
                                                    && a.to().getAddress().length == 4)
                            .filter(a -> a.at().isAfter(from) && a.at().isBefore(to))
                            .toList();
            Duration latest = Advertisement.longestGap(ours);
            Figures.say(
                    "garbage for %s: VRRP packets %s, connections %d; longest gap between advertisements %s; resident %d -> %d KiB; HTTP beside it %d of %d failed"
                            .formatted(
                                    time,
                                    noise.output().strip().replaceFirst("(?s).*sent ", ""),
                                    thrown.successes().size(),
                                    Figures.ms(latest),
                                    memoryBefore,
                                    memoryAfter,
                                    served.failures().size(),
                                    served.size()));
            assertThat(ours)
                    .as("advertisements in %s", time.dividedBy(2))
                    .hasSizeGreaterThan((int) (time.dividedBy(2).dividedBy(ADVERTISE) * 9 / 10));
            assertThat(latest).isLessThan(ADVERTISE.multipliedBy(3));
            assertThat(buoy.process().isAlive()).isTrue();
            assertThat(lb.carries()).contains("198.51.100.100/24", "2001:db8:77::100/64");
            assertThat(buoy.process().output())
                    .as("log")
                    .doesNotContain("\tat ")
                    .doesNotContain("Exception");
            assertThat(buoy.process().output().lines().count())
                    .as("lines in the log")
                    .isLessThan(MOST_LINES);
            assertThat(memoryAfter - memoryBefore).as("growth, KiB").isLessThan(MOST_GROWTH_KIB);
            assertThat(served.failures().all()).isEmpty();
            for (int port : PORTS) {
                assertThat(thrown.of("noise-" + port).successes().size())
                        .as("connections to port %d", port)
                        .isPositive();
            }
        }
    }

    private static List<String> at(int port) {
        return List.of(
                "noise",
                "noise-" + port,
                "198.51.100.1",
                Integer.toString(port),
                Integer.toString(RATE));
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = GarbageIT.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("no resource " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
