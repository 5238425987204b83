package buoy.lb;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Config;
import buoy.config.model.Endpoint;
import buoy.config.model.Health.Probe;
import buoy.config.model.Listener;
import buoy.config.model.Pool;
import buoy.config.model.Pool.Balance;
import buoy.config.model.Pool.OnDown;
import buoy.lb.kit.Await;
import buoy.lb.kit.Configs;
import buoy.lb.kit.Running;
import buoy.lb.kit.TestServer;
import buoy.lb.pool.Reason;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** {@code hold} and {@code fallback}: what becomes of clients while no server of a pool is up. */
class HoldTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private static Pool checked(String name, Endpoint... servers) {
        return Configs.pool(
                name,
                new Balance.RoundRobin(),
                Optional.of(Configs.health(new Probe.Tcp())),
                OnDown.CLOSE_SESSIONS,
                servers);
    }

    private static Config config(Pool... pools) {
        return Configs.of(List.of(Configs.tcp("in", "app")), List.of(pools));
    }

    private static void awaitWaiting(Running buoy, int count) {
        Await.until(count + " wait", () -> buoy.pool("app").waiting() == count);
    }

    private static Map<Reason, Long> failures(Running buoy) {
        return buoy.listener("in").totals().failures();
    }

    @Test
    void sessionsWaitUntilAServerIsUpAndAreServedThen() throws Exception {
        Endpoint later = Configs.unused();
        try (Running buoy =
                        Running.start(config(Configs.holding(checked("app", later), LONG, 10)));
                Socket first = buoy.connect("in");
                Socket second = buoy.connect("in")) {
            awaitWaiting(buoy, 2);
            try (TestServer server =
                    TestServer.start(
                            later.port(),
                            socket ->
                                    socket.getOutputStream()
                                            .write(
                                                    "served\n"
                                                            .getBytes(
                                                                    StandardCharsets.US_ASCII)))) {
                assertThat(TestServer.said(first)).isEqualTo("served");
                assertThat(TestServer.said(second)).isEqualTo("served");
                assertThat(buoy.pool("app").waiting()).isZero();
                assertThat(failures(buoy)).isEmpty();
                assertThat(server.accepted()).isGreaterThanOrEqualTo(2);
            }
        }
    }

    @Test
    void whatAServerSeesOfOneThatWaitedIsAllThatItSent() throws Exception {
        Endpoint later = Configs.unused();
        try (Running buoy =
                        Running.start(config(Configs.holding(checked("app", later), LONG, 10)));
                Socket client = buoy.connect("in")) {
            client.getOutputStream().write("early\n".getBytes(StandardCharsets.US_ASCII));
            client.shutdownOutput();
            awaitWaiting(buoy, 1);
            try (TestServer _ =
                    TestServer.start(
                            later.port(),
                            socket -> {
                                socket.getInputStream().transferTo(socket.getOutputStream());
                                socket.shutdownOutput();
                            })) {
                assertThat(TestServer.said(client)).isEqualTo("early");
            }
        }
    }

    @Test
    void whoWaitedTooLongIsTurnedAwayByName() throws Exception {
        try (Running buoy =
                        Running.start(
                                config(
                                        Configs.holding(
                                                checked("app", Configs.unused()),
                                                Duration.ofMillis(100),
                                                10)));
                Socket client = buoy.connect("in")) {
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            Await.until(
                    "it is counted", () -> failures(buoy).equals(Map.of(Reason.HOLD_TIMEOUT, 1L)));
            assertThat(buoy.pool("app").waiting()).isZero();
        }
    }

    @Test
    void noMoreWaitThanTheLimitOverAllWorkers() throws Exception {
        try (Running buoy =
                        Running.start(
                                config(
                                        Configs.holding(
                                                checked("app", Configs.unused()), LONG, 2)));
                Socket _ = buoy.connect("in");
                Socket _ = buoy.connect("in")) {
            awaitWaiting(buoy, 2);
            for (int i = 0; i < 8; i++) {
                try (Socket third = buoy.connect("in")) {
                    assertThat(third.getInputStream().read()).isEqualTo(-1);
                }
            }
            assertThat(failures(buoy)).isEqualTo(Map.of(Reason.QUEUE_FULL, 8L));
            assertThat(buoy.pool("app").waiting()).isEqualTo(2);
        }
    }

    @Test
    void whoGoesNoLongerWaits() throws Exception {
        try (Running buoy =
                Running.start(
                        config(Configs.holding(checked("app", Configs.unused()), LONG, 10)))) {
            Socket client = buoy.connect("in");
            awaitWaiting(buoy, 1);
            client.setSoLinger(true, 0);
            client.close();
            awaitWaiting(buoy, 0);
            assertThat(failures(buoy).values()).containsExactly(1L);
        }
    }

    @Test
    void aServerThatCountsAsUpAndRefusesIsTriedAgain() throws Exception {
        Endpoint later = Configs.unused();
        // No health check: nothing but trying tells.
        try (Running buoy =
                        Running.start(
                                config(Configs.holding(Configs.pool("app", later), LONG, 10)));
                Socket client = buoy.connect("in")) {
            awaitWaiting(buoy, 1);
            try (TestServer _ =
                    TestServer.start(
                            later.port(),
                            socket ->
                                    socket.getOutputStream()
                                            .write("up\n".getBytes(StandardCharsets.US_ASCII)))) {
                assertThat(TestServer.said(client)).isEqualTo("up");
            }
        }
    }

    @Test
    void aReloadThatRemovesThePoolEndsTheWait() throws Exception {
        Endpoint never = Configs.unused();
        try (Running buoy =
                        Running.start(config(Configs.holding(checked("app", never), LONG, 10)));
                Socket client = buoy.connect("in")) {
            awaitWaiting(buoy, 1);
            buoy.apply(
                    Configs.of(List.of(Configs.tcp("in", "new")), List.of(checked("new", never))));
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void theFallbackServesUntilTheFirstServerIsUp() throws Exception {
        Endpoint later = Configs.unused();
        try (TestServer spare = TestServer.saying("spare");
                Running buoy =
                        Running.start(
                                config(
                                        Configs.withFallback(checked("app", later), "between"),
                                        Configs.withFallback(
                                                checked("between", Configs.unused()), "spare"),
                                        checked("spare", spare.endpoint())))) {
            Await.until("the spare is up", () -> buoy.up("spare") == 1);
            try (Socket client = buoy.connect("in")) {
                assertThat(TestServer.said(client)).isEqualTo("spare");
            }
            assertThat(buoy.pool("app").servedBy()).contains("spare");
            try (TestServer _ =
                    TestServer.start(
                            later.port(),
                            socket ->
                                    socket.getOutputStream()
                                            .write("app\n".getBytes(StandardCharsets.US_ASCII)))) {
                Await.until("the pool is up", () -> buoy.up("app") == 1);
                try (Socket client = buoy.connect("in")) {
                    assertThat(TestServer.said(client)).isEqualTo("app");
                }
                assertThat(buoy.pool("app").servedBy()).isEmpty();
            }
        }
    }

    @Test
    void theFallbackServesRequestsToo() throws Exception {
        String answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nspare";
        try (TestServer spare =
                        TestServer.start(
                                socket -> {
                                    // A check says nothing.
                                    if (socket.getInputStream().read() >= 0) {
                                        socket.getOutputStream()
                                                .write(answer.getBytes(StandardCharsets.US_ASCII));
                                        socket.getInputStream().readAllBytes();
                                    }
                                });
                Running buoy =
                        Running.start(
                                Configs.of(
                                        List.of(
                                                Configs.http(
                                                        "in", List.of(Configs.loopback(0)), "app")),
                                        List.of(
                                                Configs.withFallback(
                                                        checked("app", Configs.unused()), "spare"),
                                                checked("spare", spare.endpoint()))))) {
            Await.until("the spare is up", () -> buoy.up("spare") == 1);
            try (Socket client = buoy.connect("in")) {
                client.getOutputStream()
                        .write(
                                "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
                                        .getBytes(StandardCharsets.US_ASCII));
                assertThat(
                                new String(
                                        client.getInputStream().readAllBytes(),
                                        StandardCharsets.US_ASCII))
                        .startsWith("HTTP/1.1 200 ")
                        .endsWith("spare");
            }
        }
    }

    @Test
    void whoWaitsIsServedByTheFallbackWhenThatComesUpFirst() throws Exception {
        Endpoint later = Configs.unused();
        Pool app =
                Configs.holding(
                        Configs.withFallback(checked("app", Configs.unused()), "spare"), LONG, 10);
        try (Running buoy = Running.start(config(app, checked("spare", later)));
                Socket client = buoy.connect("in")) {
            awaitWaiting(buoy, 1);
            try (TestServer _ =
                    TestServer.start(
                            later.port(),
                            socket ->
                                    socket.getOutputStream()
                                            .write(
                                                    "spare\n"
                                                            .getBytes(
                                                                    StandardCharsets.US_ASCII)))) {
                assertThat(TestServer.said(client)).isEqualTo("spare");
            }
        }
    }

    @Test
    void requestsWaitToo() throws Exception {
        Endpoint later = Configs.unused();
        Listener.Http http =
                new Listener.Http(
                        "in",
                        List.of(Configs.loopback(0)),
                        OptionalInt.empty(),
                        Optional.empty(),
                        List.of(),
                        new Listener.HttpTimeouts(LONG, LONG, LONG, LONG),
                        new Listener.HttpLimits(16 * 1024, 100, OptionalLong.empty()),
                        Listener.Headers.NONE,
                        List.of(
                                new Listener.Route(
                                        Listener.Match.ANY, new Listener.Action.ToPool("app"))));
        Config config =
                Configs.of(
                        List.of(http), List.of(Configs.holding(checked("app", later), LONG, 10)));
        try (Running buoy = Running.start(config);
                Socket client = buoy.connect("in")) {
            Socket impatient = buoy.connect("in");
            byte[] request =
                    "GET / HTTP/1.1\r\nHost: app\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
            client.getOutputStream().write(request);
            impatient.getOutputStream().write(request);
            awaitWaiting(buoy, 2);
            impatient.setSoLinger(true, 0);
            impatient.close();
            awaitWaiting(buoy, 1);
            try (TestServer _ =
                    TestServer.start(
                            later.port(),
                            socket ->
                                    socket.getOutputStream()
                                            .write(
                                                    "HTTP/1.1 204 No Content\r\n\r\n"
                                                            .getBytes(
                                                                    StandardCharsets.US_ASCII)))) {
                assertThat(TestServer.said(client)).startsWith("HTTP/1.1 204");
            }
        }
    }
}
