package buoy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** slowhttptest: thousands of clients that say or take an octet now and then, beside others. */
@Alone
@Needs(
        value = {"slowhttptest", "wrk", "nginx"},
        buoy = true)
class SlowClientsIT {
    private static final String LB = "198.51.100.1";
    private static final Pattern P99 = Pattern.compile("99%\\s+([0-9.]+)(us|ms|s)");

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
        beside(List.of(Slow.values()), 300, 3);
    }

    @Tag("soak")
    @ParameterizedTest
    @EnumSource
    void besideFourThousandTheOthersWaitHardlyLonger(Slow slow) {
        Measured measured = beside(List.of(slow), 4000, 8);
        assertThat(measured.during).isLessThan(measured.before.multipliedBy(2));
    }

    private record Measured(Duration before, Duration during) {}

    private static Measured beside(List<Slow> kinds, int connections, int seconds) {
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
            app.start("app", "nginx", "-c", "/etc/nginx.conf");
            BuoyDaemon buoy =
                    BuoyDaemon.start(
                            lb,
                            """
                            listeners:
                              web:
                                bind: ["0.0.0.0:80"]
                                protocol: http
                                timeouts: {headers: 60s, body: 60s}
                                pool: app
                            pools:
                              app: {servers: {app: "198.51.100.11:5000"}}
                            """);
            load(client, 1);
            Duration before = load(client, seconds);
            for (Slow slow : kinds) {
                long there = connected(lb);
                Running attack = attacker.start("attack", argv(slow, connections, seconds + 20));
                Await.until(
                        Duration.ofSeconds(60),
                        connections + " slow clients (see " + attack.log() + ")",
                        () -> connected(lb) >= there + connections * 9 / 10);
            }
            Duration during = load(client, seconds);
            long most = buoy.mostResidentKib() / 1024;
            Figures.say(
                    "beside %d clients each that are slow with %s: p99 %s (%s before), %d MiB resident at most"
                            .formatted(
                                    connections,
                                    kinds.toString().toLowerCase(Locale.ROOT),
                                    Figures.ms(during),
                                    Figures.ms(before),
                                    most));
            assertThat(most).as("MiB resident").isLessThan(512);
            assertThat(buoy.process().isAlive()).isTrue();
            return new Measured(before, during);
        }
    }

    private static List<String> argv(Slow slow, int connections, int seconds) {
        List<String> argv =
                new ArrayList<>(
                        List.of(
                                "slowhttptest",
                                "-c",
                                "" + connections,
                                "-r",
                                "" + connections / 2,
                                "-i",
                                "5",
                                "-l",
                                "" + seconds,
                                "-p",
                                "3",
                                "-u",
                                "http://" + LB + (slow == Slow.READ ? "/large" : "/post")));
        argv.addAll(slow.arguments());
        return argv;
    }

    private static long connected(Host lb) {
        return lb.run("ss", "-Htn", "state", "established", "sport = :80").orFail().lines().count();
    }

    /** The longest that all but one in a hundred waited; every one has been answered well. */
    private static Duration load(Host client, int seconds) {
        String said =
                client.run(
                                "wrk",
                                "--latency",
                                "-t1",
                                "-c8",
                                "-d" + seconds + "s",
                                "http://" + LB + "/")
                        .orFail();
        assertThat(said).doesNotContain("Non-2xx", "Socket errors");
        Matcher p99 = P99.matcher(said);
        assertThat(p99.find()).as(said).isTrue();
        double unit =
                switch (p99.group(2)) {
                    case "us" -> 1e3;
                    case "ms" -> 1e6;
                    default -> 1e9;
                };
        double nanos = Double.parseDouble(p99.group(1)) * unit;
        assertThat(nanos).as("nobody was answered: %s", said).isPositive();
        return Duration.ofNanos((long) nanos);
    }
}
