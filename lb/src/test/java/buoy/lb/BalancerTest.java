package buoy.lb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import buoy.config.model.Config;
import buoy.config.model.Endpoint;
import buoy.config.model.Health.Probe;
import buoy.config.model.Pool.Balance;
import buoy.config.model.Pool.OnDown;
import buoy.lb.BalancerEvent.ListenerClosed;
import buoy.lb.BalancerEvent.ListenerOpened;
import buoy.lb.BalancerStatus.WorkerStatus;
import buoy.lb.kit.Await;
import buoy.lb.kit.Configs;
import buoy.lb.kit.Running;
import buoy.lb.kit.TestServer;
import buoy.lb.pool.Reason;
import buoy.lb.pool.ServerHealth.State;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BalancerTest {
    private static Config app(Endpoint bind, Endpoint... servers) {
        return Configs.of(
                List.of(Configs.tcp("raw", bind, Duration.ofMinutes(1), "app")),
                List.of(
                        Configs.pool(
                                "app",
                                new Balance.RoundRobin(),
                                Optional.of(Configs.health(new Probe.Tcp())),
                                OnDown.KEEP_SESSIONS,
                                servers)));
    }

    @Test
    void reloadsUnderLoadFailNoSession() throws Exception {
        try (TestServer first = TestServer.echo();
                TestServer second = TestServer.echo();
                TestServer third = TestServer.echo();
                Running buoy =
                        Running.start(
                                app(Configs.loopback(0), first.endpoint(), second.endpoint()))) {
            Await.until("both are up", () -> buoy.up("app") == 2);
            AtomicBoolean on = new AtomicBoolean(true);
            AtomicInteger well = new AtomicInteger();
            AtomicInteger failed = new AtomicInteger();
            List<Thread> load = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                load.add(
                        Thread.ofVirtual()
                                .start(
                                        () -> {
                                            while (on.get()) {
                                                (echoes(buoy.port("raw")) ? well : failed)
                                                        .incrementAndGet();
                                            }
                                        }));
            }
            Endpoint bind = Configs.loopback(0);
            Config two = app(bind, first.endpoint(), second.endpoint());
            Config three = app(bind, first.endpoint(), second.endpoint(), third.endpoint());
            Config one = app(bind, first.endpoint());
            for (int round = 0; round < 5; round++) {
                for (Config config : List.of(three, one, two)) {
                    buoy.apply(config);
                    int before = well.get();
                    Await.until("traffic goes on", () -> well.get() > before + 20);
                }
            }
            on.set(false);
            for (Thread thread : load) {
                thread.join();
            }
            assertThat(failed).hasValue(0);
            assertThat(buoy.listener("raw").totals().failures()).isEmpty();
            assertThat(buoy.events()).filteredOn(ListenerOpened.class::isInstance).hasSize(1);
            assertThat(buoy.events()).noneMatch(ListenerClosed.class::isInstance);
        }
    }

    private static boolean echoes(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(42);
            return socket.getInputStream().read() == 42;
        } catch (IOException _) {
            return false;
        }
    }

    @Test
    void unchangedServersKeepHealthCountersAndSessions() throws Exception {
        try (TestServer first = TestServer.echo();
                TestServer second = TestServer.echo();
                Running buoy = Running.start(app(Configs.loopback(0), first.endpoint()))) {
            Await.until("it is up", () -> buoy.up("app") == 1);
            var health = buoy.server("app", "s1").health();
            try (Socket client = buoy.connect("raw")) {
                client.getOutputStream().write(1);
                assertThat(client.getInputStream().read()).isEqualTo(1);
                buoy.apply(app(Configs.loopback(0), first.endpoint(), second.endpoint()));
                assertThat(buoy.server("app", "s1").health()).isEqualTo(health);
                assertThat(buoy.server("app", "s1").active()).isEqualTo(1);
                assertThat(buoy.server("app", "s1").totals().bytesFromClient()).isEqualTo(1);
                client.getOutputStream().write(2);
                assertThat(client.getInputStream().read()).isEqualTo(2);
            }
        }
    }

    @Test
    void anAddressThatCannotBeBoundChangesNothing() throws Exception {
        try (TestServer server = TestServer.echo();
                ServerSocket taken = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                Running buoy = Running.start(app(Configs.loopback(0), server.endpoint()))) {
            Await.until("it is up", () -> buoy.up("app") == 1);
            int port = buoy.port("raw");
            Endpoint occupied = Configs.loopback(taken.getLocalPort());
            Config bad =
                    Configs.of(
                            List.of(
                                    Configs.tcp("raw", "other"),
                                    Configs.tcp("more", occupied, Duration.ofMinutes(1), "other")),
                            List.of(Configs.pool("other")));
            assertThatThrownBy(() -> buoy.apply(bad))
                    .isInstanceOf(BindFailed.class)
                    .hasMessageContaining("listeners.more.bind: " + occupied)
                    .hasMessageContaining("in use");
            assertThat(buoy.status().listeners()).hasSize(1);
            assertThat(buoy.pool("app").serversUp()).isEqualTo(1);
            assertThat(echoes(port)).isTrue();
        }
    }

    @Test
    void aRemovedListenerStopsAcceptingAndLetsItsSessionsGoOn() throws Exception {
        try (TestServer server = TestServer.echo();
                Running buoy =
                        Running.start(
                                Configs.of(
                                        List.of(
                                                Configs.tcp("stays", "app"),
                                                Configs.tcp("goes", "app")),
                                        List.of(Configs.pool("app", server.endpoint()))))) {
            int port = buoy.port("goes");
            int staying = buoy.port("stays");
            try (Socket client = buoy.connect("goes")) {
                client.getOutputStream().write(1);
                assertThat(client.getInputStream().read()).isEqualTo(1);
                buoy.apply(
                        Configs.of(
                                List.of(Configs.tcp("stays", "app")),
                                List.of(Configs.pool("app", server.endpoint()))));
                assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port))
                        .isInstanceOf(ConnectException.class);
                client.getOutputStream().write(2);
                assertThat(client.getInputStream().read()).isEqualTo(2);
                assertThat(buoy.port("stays")).isEqualTo(staying);
                assertThat(echoes(staying)).isTrue();
            }
        }
    }

    @Test
    void addressesOfOtherHostsAreBoundInBothFamilies() throws Exception {
        // RFC 5737 and RFC 3849: on no host.
        List<Endpoint> elsewhere =
                List.of(
                        new Endpoint(InetAddress.getByName("198.51.100.77"), 0),
                        new Endpoint(InetAddress.getByName("2001:db8:77::77"), 0));
        for (Endpoint endpoint : elsewhere) {
            try (Running buoy = Running.start(app(endpoint))) {
                assertThat(buoy.endpoint("raw").address()).isEqualTo(endpoint.address());
                assertThat(buoy.endpoint("raw").port()).isPositive();
            }
        }
    }

    @Test
    void aServerThatGoesDownLosesItsSessionsWhereTheyAreToBeClosed() throws Exception {
        AtomicBoolean healthy = new AtomicBoolean(true);
        try (TestServer health = http(healthy);
                TestServer server = TestServer.echo();
                Running buoy = Running.start(closing(health, server))) {
            Await.until("it is up", () -> buoy.up("app") == 1);
            try (Socket client = buoy.connect("raw")) {
                client.getOutputStream().write(1);
                assertThat(client.getInputStream().read()).isEqualTo(1);
                healthy.set(false);
                assertThatThrownBy(() -> client.getInputStream().read())
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("reset");
                assertThat(buoy.listener("raw").totals().failures())
                        .isEqualTo(Map.of(Reason.SERVER_DOWN, 1L));
                assertThat(buoy.server("app", "s1").health().state()).isEqualTo(State.DOWN);
                assertThat(buoy.server("app", "s1").health().why()).isEqualTo("HTTP 500");
                Await.until("it is told", () -> buoy.up("app") == 0);
            }
        }
    }

    private static Config closing(TestServer health, TestServer server) {
        Probe probe =
                new Probe.Http(
                        "GET",
                        "/health",
                        new buoy.config.model.Health.StatusRange(200, 299),
                        Optional.of("\"ok\""),
                        Optional.empty(),
                        java.util.OptionalInt.of(health.port()));
        return Configs.of(
                List.of(Configs.tcp("raw", "app")),
                List.of(
                        Configs.pool(
                                "app",
                                new Balance.RoundRobin(),
                                Optional.of(Configs.health(probe)),
                                OnDown.CLOSE_SESSIONS,
                                server.endpoint())));
    }

    /** An application's health page. */
    private static TestServer http(AtomicBoolean healthy) {
        return TestServer.start(
                socket -> {
                    byte[] head = new byte[4096];
                    int length = 0;
                    while (!new String(head, 0, length, java.nio.charset.StandardCharsets.US_ASCII)
                            .endsWith("\r\n\r\n")) {
                        int count = socket.getInputStream().read(head, length, 4096 - length);
                        if (count < 0) {
                            return;
                        }
                        length += count;
                    }
                    String body = "{\"status\":\"ok\"}";
                    String answer =
                            "HTTP/1.1 "
                                    + (healthy.get() ? "200 OK" : "500 Broken")
                                    + "\r\nContent-Length: "
                                    + body.length()
                                    + "\r\n\r\n"
                                    + body;
                    socket.getOutputStream()
                            .write(answer.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                });
    }

    @Test
    void theLastClientIsWaitedFor() throws Exception {
        try (TestServer server = TestServer.echo();
                Running buoy =
                        Running.start(
                                Configs.of(
                                        List.of(Configs.tcp("raw", "app")),
                                        List.of(Configs.pool("app", server.endpoint()))))) {
            Socket client = buoy.connect("raw");
            Await.until("connected", () -> buoy.status().connections() == 1);
            assertThat(buoy.balancer().awaitNobody(Duration.ofMillis(50))).isFalse();
            client.close();
            assertThat(buoy.balancer().awaitNobody(Duration.ofSeconds(20))).isTrue();
        }
    }

    @Test
    void workersTick() throws Exception {
        try (Running buoy = Running.start(app(Configs.loopback(0)))) {
            assertThat(buoy.status().workers()).hasSize(2);
            Await.until(
                    "every worker ticked just now",
                    () ->
                            buoy.status().workers().stream()
                                    .map(WorkerStatus::sinceTick)
                                    .allMatch(
                                            since -> since.compareTo(Duration.ofMillis(250)) < 0));
        }
    }

    @Test
    void itIsClosedOnce() throws Exception {
        try (TestServer server = TestServer.echo();
                Running buoy =
                        Running.start(
                                Configs.of(
                                        List.of(Configs.tcp("in", "app")),
                                        List.of(Configs.pool("app", server.endpoint()))))) {
            buoy.balancer().close();
            buoy.balancer().close();
        }
    }
}
