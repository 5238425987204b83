package buoy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * slowhttptest: thousands of clients that say or take an octet now and then, beside others who ask
 * at a steady rate. The program looks at all of its connections all the time and fills a processor
 * with it. Elsewhere it would have its own: here it has the last one, and all that is measured
 * shares the first, before and during.
 */
@Alone
@Needs(
        value = {"slowhttptest", "h2load", "nginx", "haproxy"},
        buoy = true)
class SlowClientsIT {
    private static final String LB = "198.51.100.1";
    private static final int CLIENTS = 16;
    private static final int BUOY = 80;
    private static final int HAPROXY = 81;

    /** What they are slow with. */
    private enum Slow {
        HEADERS("-H -x 24"),
        BODY("-B -x 24 -s 8192"),
        READ("-X -w 10 -y 20 -z 32 -k 3");

        private final String options;

        Slow(String options) {
            this.options = options;
        }

        List<String> arguments() {
            return List.of(options.split(" ", -1));
        }
    }

    @Test
    void aFewHundredOfEachKindAreNobodysTrouble() {
        beside(List.of(Slow.values()), 300, BUOY, 1);
    }

    @Tag("soak")
    @ParameterizedTest
    @EnumSource
    void besideFourThousandTheOthersWaitHardlyLonger(Slow slow) {
        beside(List.of(slow), 4000, HAPROXY, 5);
        Measured measured = beside(List.of(slow), 4000, BUOY, 5);
        assertThat(measured.during).isLessThan(measured.before.multipliedBy(2));
    }

    private record Measured(Duration before, Duration during) {}

    private static Measured beside(List<Slow> kinds, int connections, int port, int rounds) {
        try (Lan lan = Lan.open("slow")) {
            Host lb = lan.host("lb", LB + "/24");
            Host app = lan.host("app", "198.51.100.11/24");
            Host client = lan.host("client", "198.51.100.200/24");
            Host attacker = lan.host("attacker", "198.51.100.201/24");
            app.write("/etc/www/index.html", "x".repeat(100));
            app.write("/etc/www/large", "x".repeat(1_000_000));
            app.write(
                    "/etc/nginx.conf",
                    """
                    daemon off; pid /run/nginx.pid; error_log /dev/null; worker_processes 1;
                    events {worker_connections 10000;}
                    http {access_log off; keepalive_requests 1000000000; client_body_temp_path /run/body;
                      server {listen 5000; root /etc/www; # Waits for the whole body.
                        location /post {proxy_pass http://127.0.0.1:1;}}}
                    """);
            app.start("app", onTheFirst("nginx", "-c", "/etc/nginx.conf"));
            Running balancer = port == BUOY ? buoy(lb) : haproxy(lb);
            // Compiled by now.
            p99(client, port);
            p99(client, port);
            Duration before = median(client, port, rounds);
            for (Slow slow : kinds) {
                long there = connected(lb, port);
                Running attack = attacker.start("attack", argv(slow, connections, port));
                Await.until(
                        Duration.ofSeconds(60),
                        connections + " slow clients (see " + attack.log() + ")",
                        () -> connected(lb, port) >= there + connections * 9 / 10);
            }
            Await.until(
                    Duration.ofSeconds(60),
                    "the slow ones to have what they were sent at first",
                    () -> pace(app) < 2_000_000);
            Duration during = median(client, port, rounds);
            assertThat(connected(lb, port))
                    .as("slow clients to the end")
                    .isGreaterThanOrEqualTo((long) connections * kinds.size() * 9 / 10);
            long most = balancer.mostResidentKib() / 1024;
            Figures.say(
                    "%s beside %d clients each that are slow with %s: p99 %s (%s before), %d MiB resident at most"
                            .formatted(
                                    port == BUOY ? "Buoy" : "HAProxy",
                                    connections,
                                    kinds.toString().toLowerCase(Locale.ROOT),
                                    Figures.ms(during),
                                    Figures.ms(before),
                                    most));
            assertThat(balancer.isAlive()).isTrue();
            assertThat(most).as("MiB resident").isLessThan(512);
            return new Measured(before, during);
        }
    }

    private static Running buoy(Host lb) {
        return BuoyDaemon.start(
                        lb,
                        """
                        listeners:
                          web:
                            bind: ["0.0.0.0:%d"]
                            protocol: http
                            timeouts: {headers: 120s, body: 120s}
                            pool: app
                        pools:
                          app: {servers: {app: "198.51.100.11:5000"}}
                        """
                                .formatted(BUOY),
                        onTheFirst())
                .process();
    }

    private static Running haproxy(Host lb) {
        lb.write(
                "/etc/haproxy.cfg",
                """
                global
                  maxconn 9000
                defaults
                  mode http
                  timeout connect 5s
                  timeout client 120s
                  timeout server 120s
                  timeout http-request 120s
                listen web
                  bind 0.0.0.0:%d
                  server app 198.51.100.11:5000
                """
                        .formatted(HAPROXY));
        Running haproxy =
                lb.start("haproxy", onTheFirst("haproxy", "-db", "-f", "/etc/haproxy.cfg"));
        Await.until(
                Duration.ofSeconds(10),
                "HAProxy",
                () -> !lb.run("ss", "-Htln", "sport = :" + HAPROXY).orFail().isEmpty());
        return haproxy;
    }

    private static List<String> argv(Slow slow, int connections, int port) {
        List<String> argv =
                new ArrayList<>(
                        List.of(
                                "taskset",
                                "-c",
                                "" + (Runtime.getRuntime().availableProcessors() - 1),
                                "chrt",
                                "--idle",
                                "0",
                                "slowhttptest",
                                "-c",
                                "" + connections,
                                "-r",
                                "" + connections / 2,
                                "-i",
                                "5",
                                "-l",
                                "120",
                                "-p",
                                "3",
                                "-u",
                                "http://"
                                        + LB
                                        + ":"
                                        + port
                                        + (slow == Slow.READ ? "/large" : "/post")));
        argv.addAll(slow.arguments());
        return argv;
    }

    /** The command, or how it begins, of one that is to run on the first processor. */
    private static List<String> onTheFirst(String... command) {
        List<String> argv = new ArrayList<>(List.of("taskset", "-c", "0"));
        argv.addAll(List.of(command));
        return argv;
    }

    /** Bytes that it sends in a second. */
    private static long pace(Host host) {
        long before = sent(host);
        Await.pass(Duration.ofSeconds(1));
        return sent(host) - before;
    }

    private static long sent(Host host) {
        return Long.parseLong(
                host.run("cat", "/sys/class/net/eth0/statistics/tx_bytes").orFail().strip());
    }

    private static long connected(Host lb, int port) {
        return lb.run("ss", "-Htn", "state", "established", "sport = :" + port)
                .orFail()
                .lines()
                .count();
    }

    private static Duration median(Host client, int port, int rounds) {
        return IntStream.range(0, rounds)
                .mapToObj(_ -> p99(client, port))
                .sorted()
                .toList()
                .get(rounds / 2);
    }

    /** The longest that all but one in a hundred waited; every one has been answered well. */
    private static Duration p99(Host client, int port) {
        Path log = client.write("/run/waited", "");
        client.run(
                        onTheFirst(
                                        "h2load",
                                        "--h1",
                                        "--clients=" + CLIENTS,
                                        "--rps=100",
                                        "--duration=4",
                                        "--log-file=/run/waited",
                                        "http://" + LB + ":" + port + "/")
                                .toArray(String[]::new))
                .orFail();
        List<Long> waited = new ArrayList<>();
        for (String line : linesOf(log)) {
            // When it was sent, its status, and the microseconds it took.
            String[] fields = line.split("\t", -1);
            assertThat(fields[1]).as(line).isEqualTo("200");
            waited.add(Long.parseLong(fields[2]));
        }
        assertThat(waited).as("answered").hasSizeGreaterThan(CLIENTS * 100);
        Collections.sort(waited);
        return Duration.of(waited.get(waited.size() * 99 / 100), ChronoUnit.MICROS);
    }

    private static List<String> linesOf(Path log) {
        try {
            return Files.readAllLines(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
