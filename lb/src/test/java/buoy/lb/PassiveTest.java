package buoy.lb;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Config;
import buoy.config.model.Health.Probe;
import buoy.config.model.Pool.Balance;
import buoy.config.model.Pool.OnDown;
import buoy.config.model.Pool.Passive;
import buoy.lb.kit.Await;
import buoy.lb.kit.Configs;
import buoy.lb.kit.Running;
import buoy.lb.kit.TestServer;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** {@code passive} and {@code slow-start}. */
class PassiveTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private static Config config(Duration eject, TestServer... servers) {
        return Configs.of(
                List.of(Configs.http("web", List.of(Configs.loopback(0)), "app")),
                List.of(
                        Configs.watched(
                                Configs.pool(
                                        "app",
                                        List.of(servers).stream()
                                                .map(TestServer::endpoint)
                                                .toArray(buoy.config.model.Endpoint[]::new)),
                                new Passive(3, Duration.ofSeconds(30), eject),
                                Duration.ZERO)));
    }

    /** Takes a request and says nothing. */
    private static TestServer silent() {
        return TestServer.start(socket -> socket.getInputStream().read());
    }

    private static TestServer good() {
        return TestServer.start(
                socket -> {
                    socket.getInputStream().read();
                    socket.getOutputStream()
                            .write(
                                    "HTTP/1.0 200 OK\r\n\r\ngood"
                                            .getBytes(StandardCharsets.US_ASCII));
                });
    }

    private static String get(Running buoy) throws IOException {
        try (Socket client = buoy.connect("web")) {
            client.getOutputStream()
                    .write(
                            "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
            return new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    /** Asks until the first server is ejected, or was. */
    private static void untilEjected(Running buoy) {
        Await.until(
                "the bad one is ejected",
                () -> {
                    try {
                        get(buoy);
                    } catch (IOException refusal) {
                        throw new AssertionError(refusal);
                    }
                    return buoy.events().stream()
                            .anyMatch(BalancerEvent.ServerEjected.class::isInstance);
                });
    }

    @Test
    void whoFailsLiveTrafficIsEjected() throws Exception {
        try (TestServer bad = silent();
                TestServer good = good();
                Running buoy = Running.start(config(LONG, bad, good))) {
            untilEjected(buoy);
            assertThat(buoy.server("app", "s1").ejected().orElseThrow().why())
                    .startsWith("3 failures of live traffic within 30s, the last server-");
            Await.until("it does not count as up", () -> buoy.up("app") == 1);
            for (int i = 0; i < 6; i++) {
                assertThat(get(buoy)).endsWith("good");
            }
        }
    }

    @Test
    void anEjectedServerReturnsWhenItsTimeIsOver() throws Exception {
        try (TestServer bad = silent();
                TestServer good = good();
                Running buoy = Running.start(config(Duration.ofMillis(100), bad, good))) {
            untilEjected(buoy);
            Await.until(
                    "it is back",
                    () -> buoy.events().contains(new BalancerEvent.ServerReadmitted("app", "s1")));
            Await.until("both count as up", () -> buoy.up("app") == 2);
        }
    }

    @Test
    void theLastServerStays() throws Exception {
        try (TestServer bad = silent();
                Running buoy = Running.start(config(LONG, bad))) {
            for (int i = 0; i < 10; i++) {
                assertThat(get(buoy)).contains("502 server-");
            }
            assertThat(buoy.server("app", "s1").ejected()).isEmpty();
        }
    }

    @Test
    void aServerThatComesBackUpStartsSlowly() throws Exception {
        int port;
        try (TestServer later = TestServer.echo()) {
            port = later.port();
        }
        try (TestServer steady = TestServer.echo();
                Running buoy =
                        Running.start(
                                Configs.of(
                                        List.of(Configs.tcp("in", "app")),
                                        List.of(
                                                Configs.watched(
                                                        Configs.pool(
                                                                "app",
                                                                new Balance.RoundRobin(),
                                                                Optional.of(
                                                                        Configs.health(
                                                                                new Probe.Tcp())),
                                                                OnDown.KEEP_SESSIONS,
                                                                steady.endpoint(),
                                                                Configs.loopback(port)),
                                                        new Passive(3, LONG, LONG),
                                                        Duration.ofHours(1)))))) {
            Await.until("one is up", () -> buoy.up("app") == 1);
            try (TestServer _ = TestServer.start(port, _ -> {})) {
                Await.until("both are up", () -> buoy.up("app") == 2);
                for (int i = 0; i < 15; i++) {
                    buoy.connect("in").close();
                }
                Await.until(
                        "all are counted",
                        () ->
                                buoy.server("app", "s1").totals().latency().count()
                                                + buoy.server("app", "s2")
                                                        .totals()
                                                        .latency()
                                                        .count()
                                        >= 15);
                // The first step, of minutes, is 1 of 20 against 20 of 20, on each of two workers.
                assertThat(buoy.server("app", "s2").totals().latency().count())
                        .isLessThanOrEqualTo(3);
            }
        }
    }
}
