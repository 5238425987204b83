package buoy.lb;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Config;
import buoy.config.model.Endpoint;
import buoy.config.model.Health.Probe;
import buoy.config.model.Listener;
import buoy.config.model.Pool;
import buoy.config.model.Pool.Balance;
import buoy.config.model.Pool.OnDown;
import buoy.config.model.ServerAddress;
import buoy.lb.kit.Await;
import buoy.lb.kit.Configs;
import buoy.lb.kit.NameServer;
import buoy.lb.kit.Running;
import buoy.lb.kit.TestServer;
import buoy.lb.pool.ServerHealth.State;
import io.netty.handler.codec.dns.DnsResponseCode;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Servers whose addresses are names. */
class ServerNamesTest {
    private static final String NAME = "app1.buoy-test.internal";
    private static final String ONE = "127.0.0.1";
    private static final String TWO = "127.0.0.2";

    private static InetAddress address(String text) {
        return InetAddress.ofLiteral(text);
    }

    private static Pool named(String pool, boolean checked, int... ports) {
        List<Pool.Server> servers = new ArrayList<>();
        for (int port : ports) {
            servers.add(
                    new Pool.Server(
                            "s" + (servers.size() + 1),
                            new ServerAddress.Named(NAME, port),
                            1,
                            OptionalInt.empty(),
                            false));
        }
        Pool bare =
                Configs.pool(
                        pool,
                        new Balance.RoundRobin(),
                        checked ? Optional.of(Configs.health(new Probe.Tcp())) : Optional.empty(),
                        OnDown.KEEP_SESSIONS);
        return Configs.withServers(bare, servers);
    }

    private static Config tcp(NameServer names, Pool... pools) {
        return Configs.asking(
                names.endpoint(),
                Configs.of(List.of(Configs.tcp("raw", pools[0].name())), List.of(pools)));
    }

    private static TestServer saying(String address, int port, String word) {
        return TestServer.start(
                address(address),
                port,
                socket -> {
                    socket.getOutputStream().write((word + "\n").getBytes(StandardCharsets.UTF_8));
                    socket.getInputStream().transferTo(OutputStream.nullOutputStream());
                });
    }

    private static String said(Running buoy) throws IOException {
        try (Socket client = buoy.connect("raw")) {
            return TestServer.said(client);
        }
    }

    private static void awaitUp(Running buoy) {
        Await.until("up", () -> buoy.server("app", "s1").health().isUp());
    }

    private static void awaitAt(Running buoy, String address) {
        Await.until(
                () -> "at " + address + ": " + buoy.server("app", "s1").whereabouts(),
                () ->
                        buoy.server("app", "s1")
                                .whereabouts()
                                .at()
                                .map(at -> ((Endpoint) at).address())
                                .filter(address(address)::equals)
                                .isPresent());
    }

    @Test
    void aNameThatIsNotThereIsAServerThatIsDownUntilItIsThere() throws Exception {
        for (boolean checked : List.of(true, false)) {
            try (NameServer names = NameServer.start();
                    TestServer server = saying(ONE, 0, "one");
                    Running buoy =
                            Running.start(tcp(names, named("app", checked, server.port())))) {
                Await.until("down", () -> buoy.server("app", "s1").health().state() == State.DOWN);
                assertThat(buoy.server("app", "s1").health().why())
                        .isEqualTo("name not resolved: there is no such name (NXDOMAIN)");
                assertThat(buoy.up("app")).isZero();
                names.says(NAME, 1, ONE);
                awaitUp(buoy);
                assertThat(said(buoy)).isEqualTo("one");
                assertThat(buoy.events())
                        .contains(
                                new BalancerEvent.NameFailing(
                                        NAME, "there is no such name (NXDOMAIN)", Optional.empty()),
                                new BalancerEvent.NameMoved(NAME, Optional.empty(), address(ONE)));
            }
        }
    }

    @Test
    void aServerThatMovesTakesWhatIsNewWithItAndSessionsRunOn() throws Exception {
        try (NameServer names = NameServer.start();
                TestServer one = saying(ONE, 0, "one");
                TestServer two = saying(TWO, one.port(), "two")) {
            names.says(NAME, 1, ONE);
            try (Running buoy = Running.start(tcp(names, named("app", true, one.port())))) {
                awaitUp(buoy);
                try (Socket old = buoy.connect("raw")) {
                    assertThat(TestServer.said(old)).isEqualTo("one");
                    names.says(NAME, 1, TWO, ONE);
                    int before = names.asked(NAME);
                    Await.until("asked again", () -> names.asked(NAME) > before + 1);
                    assertThat(said(buoy)).as("still among the answers").isEqualTo("one");

                    names.says(NAME, 1, TWO);
                    awaitAt(buoy, TWO);
                    assertThat(said(buoy)).isEqualTo("two");
                    assertThat(buoy.server("app", "s1").health().isUp()).isTrue();
                    assertThat(buoy.events())
                            .contains(
                                    new BalancerEvent.NameMoved(
                                            NAME, Optional.of(address(ONE)), address(TWO)));
                    assertThat(buoy.server("app", "s1").active()).isPositive();
                    one.kill();
                    int checks = two.accepted();
                    Await.until("checked there", () -> two.accepted() > checks + 3);
                    assertThat(buoy.server("app", "s1").health().isUp()).isTrue();
                }
            }
        }
    }

    @Test
    void anOutageOfTheNameServerKeepsTheAddressAndIsSaidOnce() throws Exception {
        try (NameServer names = NameServer.start();
                TestServer one = saying(ONE, 0, "one")) {
            names.says(NAME, 0, ONE);
            try (Running buoy = Running.start(tcp(names, named("app", true, one.port())))) {
                awaitUp(buoy);
                names.fails(NAME, DnsResponseCode.SERVFAIL);
                Await.until(
                        "in trouble",
                        () -> buoy.server("app", "s1").whereabouts().trouble().isPresent());
                int before = names.asked(NAME);
                Await.until("asked again", () -> names.asked(NAME) > before);
                assertThat(said(buoy)).isEqualTo("one");
                assertThat(
                                buoy.events().stream()
                                        .filter(BalancerEvent.NameFailing.class::isInstance))
                        .singleElement()
                        .asString()
                        .contains("ServFail", ONE);
                names.says(NAME, 0, ONE);
                Await.until(
                        "well", () -> buoy.server("app", "s1").whereabouts().trouble().isEmpty());
                assertThat(buoy.events()).contains(new BalancerEvent.NameConfirmed(NAME));
            }
        }
    }

    @Test
    void nobodyAnswers() throws Exception {
        try (NameServer names = NameServer.start();
                TestServer one = saying(ONE, 0, "one")) {
            names.silent(true);
            names.says(NAME, 1, "2001:db8::1", ONE);
            try (Running buoy = Running.start(tcp(names, named("app", true, one.port())))) {
                Await.until("down", () -> buoy.server("app", "s1").health().state() == State.DOWN);
                assertThat(buoy.server("app", "s1").health().why())
                        .isEqualTo("name not resolved: no name server answered within 2s");
                names.silent(false);
                awaitUp(buoy);
                assertThat(said(buoy)).as("IPv4 comes first").isEqualTo("one");
            }
        }
    }

    @Test
    void aReloadKeepsWhatIsKnown() throws Exception {
        try (NameServer names = NameServer.start();
                TestServer one = saying(ONE, 0, "one")) {
            names.says(NAME, 60, ONE);
            Pool app = named("app", false, one.port());
            try (Running buoy = Running.start(tcp(names, app))) {
                awaitUp(buoy);
                names.silent(true);
                buoy.apply(tcp(names, app, named("other", false, one.port(), one.port() + 1)));
                assertThat(buoy.server("other", "s2").health().isUp())
                        .as("found at once, as the name is known")
                        .isTrue();
                buoy.apply(tcp(names, named("app", false, one.port() + 1, one.port())));
                assertThat(buoy.server("app", "s1").health().isUp()).isTrue();
                assertThat(names.asked(NAME)).isEqualTo(1);
            }
        }
    }

    @Test
    void idleConnectionsToTheOldAddressAreClosed() throws Exception {
        TestServer.Service http =
                socket -> {
                    byte[] bytes = new byte[4096];
                    while (socket.getInputStream().read(bytes) > 0) {
                        socket.getOutputStream()
                                .write(
                                        ("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n"
                                                        + socket.getLocalAddress()
                                                                .getHostAddress()
                                                                .charAt(8)
                                                        + "\r\n")
                                                .getBytes(StandardCharsets.UTF_8));
                    }
                };
        try (NameServer names = NameServer.start();
                TestServer one = TestServer.start(address(ONE), 0, http);
                TestServer _ = TestServer.start(address(TWO), one.port(), http)) {
            names.says(NAME, 1, ONE);
            Listener web = Configs.http("raw", List.of(Configs.loopback(0)), "app");
            try (Running buoy =
                    Running.start(
                            Configs.asking(
                                    names.endpoint(),
                                    Configs.of(
                                            List.of(web),
                                            List.of(named("app", false, one.port())))))) {
                awaitUp(buoy);
                assertThat(get(buoy)).endsWith("1\r\n");
                Await.until("kept", () -> one.open() == 1);
                names.says(NAME, 1, TWO);
                Await.until("closed", () -> one.open() == 0);
                assertThat(get(buoy)).endsWith("2\r\n");
            }
        }
    }

    private static String get(Running buoy) throws IOException {
        try (Socket client = buoy.connect("raw")) {
            client.getOutputStream()
                    .write(
                            "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
                                    .getBytes(StandardCharsets.UTF_8));
            return new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void whoIsBeingConnectedToTheOldAddressIsConnectedToTheNewOne() throws Exception {
        try (NameServer names = NameServer.start();
                ServerSocket full = new ServerSocket(0, 1, address(ONE));
                TestServer _ = saying(TWO, full.getLocalPort(), "two")) {
            List<SocketChannel> fill = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                SocketChannel each = SocketChannel.open();
                each.configureBlocking(false);
                var _ = each.connect(new InetSocketAddress(address(ONE), full.getLocalPort()));
                fill.add(each);
            }
            names.says(NAME, 1, ONE);
            try (Running buoy =
                            Running.start(tcp(names, named("app", false, full.getLocalPort())));
                    Socket client = connected(buoy)) {
                Await.until("begun", () -> buoy.server("app", "s1").active() == 1);
                names.says(NAME, 1, TWO);
                assertThat(TestServer.said(client)).isEqualTo("two");
                assertThat(buoy.server("app", "s1").totals().failed()).isZero();
            } finally {
                for (SocketChannel each : fill) {
                    each.close();
                }
            }
        }
    }

    private static Socket connected(Running buoy) throws IOException {
        awaitUp(buoy);
        return buoy.connect("raw");
    }
}
