package buoy.lb;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Config;
import buoy.config.model.Endpoint;
import buoy.config.model.Health.Probe;
import buoy.config.model.Pool;
import buoy.config.model.Pool.Balance;
import buoy.config.model.Pool.OnDown;
import buoy.config.model.Pool.Passive;
import buoy.config.model.ServerAddress;
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
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** {@code passive} and {@code slow-start}. */
class PassiveTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private static Config config(Duration eject, TestServer... servers) {
        return Configs.of(
                List.of(Configs.http("web", List.of(Configs.loopback(0)), "app")),
                List.of(
                        Configs.watched(
                                Configs.pool("app", Configs.endpoints(servers)), failing(eject))));
    }

    private static Passive failing(Duration eject) {
        return new Passive(3, Duration.ofSeconds(30), eject);
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
    void aBackupTakesThePlaceOfTheOnlyOther() throws Exception {
        try (TestServer bad = silent();
                TestServer good = good();
                Running buoy =
                        Running.start(
                                Configs.of(
                                        List.of(
                                                Configs.http(
                                                        "web",
                                                        List.of(Configs.loopback(0)),
                                                        "app")),
                                        List.of(
                                                Configs.watched(
                                                        Configs.withServers(
                                                                Configs.pool("app"),
                                                                List.of(
                                                                        server(bad, "s1", false),
                                                                        server(good, "s2", true))),
                                                        failing(LONG)))))) {
            untilEjected(buoy);
            Await.until("the backup alone counts as up", () -> buoy.up("app") == 1);
            assertThat(get(buoy)).endsWith("good");
        }
    }

    private static Pool.Server server(TestServer server, String name, boolean backup) {
        return new Pool.Server(
                name, new ServerAddress.Fixed(server.endpoint()), 1, OptionalInt.empty(), backup);
    }

    @Test
    void aRemovedServerIsNotReadmitted() throws Exception {
        Duration eject = Duration.ofMillis(100);
        try (TestServer bad = silent();
                TestServer good = good();
                Running buoy = Running.start(config(eject, bad, good))) {
            untilEjected(buoy);
            // By now it may be back, and be ejected once more: what counts is what comes later.
            buoy.apply(config(eject, good));
            long since = System.nanoTime();
            List<BalancerEvent> told = List.copyOf(buoy.events());
            Await.until("its time is over", () -> System.nanoTime() - since > 3 * eject.toNanos());
            assertThat(buoy.events()).isEqualTo(told);
            assertThat(buoy.up("app")).isEqualTo(1);
        }
    }

    private static Config slowly(Duration slowStart, Endpoint... servers) {
        return Configs.of(
                List.of(Configs.tcp("in", "app")),
                List.of(
                        Configs.slow(
                                Configs.pool(
                                        "app",
                                        new Balance.RoundRobin(),
                                        Optional.of(Configs.health(new Probe.Tcp())),
                                        OnDown.KEEP_SESSIONS,
                                        servers),
                                slowStart)));
    }

    private static long served(Running buoy, String server) {
        return buoy.server("app", server).totals().latency().count();
    }

    /** How many of this many sessions the second server gets. */
    private static long ofSecond(Running buoy, int sessions) throws IOException {
        long first = served(buoy, "s1");
        long second = served(buoy, "s2");
        for (int i = 0; i < sessions; i++) {
            buoy.connect("in").close();
        }
        Await.until(
                "all are counted",
                () -> served(buoy, "s1") + served(buoy, "s2") - first - second >= sessions);
        return served(buoy, "s2") - second;
    }

    @Test
    void aServerThatComesBackUpStartsSlowly() throws Exception {
        Endpoint late = Configs.unused();
        try (TestServer steady = TestServer.echo();
                Running buoy =
                        Running.start(slowly(Duration.ofHours(1), steady.endpoint(), late))) {
            Await.until("one is up", () -> buoy.up("app") == 1);
            try (TestServer _ = TestServer.start(late.port(), _ -> {})) {
                Await.until("both are up", () -> buoy.up("app") == 2);
                // The first step, of minutes, is 1 of 20 against 20 of 20, on each of two workers.
                assertThat(ofSecond(buoy, 15)).isLessThanOrEqualTo(3);
            }
        }
    }

    /** It came up a moment ago, when nothing of the kind was wanted. */
    @Test
    void aReloadThatBringsSlowStartBringsItToItsEnd() throws Exception {
        Endpoint late = Configs.unused();
        try (TestServer steady = TestServer.echo();
                Running buoy = Running.start(slowly(Duration.ZERO, steady.endpoint(), late))) {
            Await.until("one is up", () -> buoy.up("app") == 1);
            try (TestServer _ = TestServer.start(late.port(), _ -> {})) {
                Await.until("both are up", () -> buoy.up("app") == 2);
                buoy.apply(slowly(Duration.ofSeconds(1), steady.endpoint(), late));
                Await.until(
                        "both have the same share",
                        () -> {
                            try {
                                return ofSecond(buoy, 20) >= 9;
                            } catch (IOException refusal) {
                                throw new AssertionError(refusal);
                            }
                        });
            }
        }
    }
}
