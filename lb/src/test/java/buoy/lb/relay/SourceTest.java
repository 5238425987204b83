package buoy.lb.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import buoy.config.model.Config;
import buoy.config.model.Endpoint;
import buoy.config.model.Health;
import buoy.config.model.Listener;
import buoy.config.model.Pool;
import buoy.config.model.Pool.Source;
import buoy.lb.BalancerEvent;
import buoy.lb.kit.Await;
import buoy.lb.kit.Configs;
import buoy.lb.kit.Running;
import buoy.lb.kit.TestServer;
import buoy.lb.pool.Reason;
import buoy.lb.proxy.Ends;
import buoy.lb.worker.From;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** The addresses that servers see. */
class SourceTest {
    private static final InetAddress OTHER = InetAddress.ofLiteral("127.0.0.2");
    private static final InetAddress CLIENT = InetAddress.ofLiteral("127.0.0.3");

    private final Set<String> seen = ConcurrentHashMap.newKeySet();

    private TestServer sayingWhoComes() {
        return TestServer.start(
                socket -> {
                    String from = socket.getInetAddress().getHostAddress();
                    seen.add(from);
                    socket.getOutputStream().write((from + "\n").getBytes(StandardCharsets.UTF_8));
                });
    }

    private static Pool pool(Source source, Optional<Health> health, Endpoint server) {
        return pool(source, health, Configs.pool("app", server));
    }

    private static Pool pool(Source source, Optional<Health> health, Pool usual) {
        return new Pool(
                usual.name(),
                usual.balance(),
                usual.servers(),
                health,
                usual.retries(),
                usual.timeouts(),
                usual.drain(),
                usual.onDown(),
                usual.hold(),
                usual.passive(),
                usual.slowStart(),
                usual.sticky(),
                usual.fallback(),
                usual.tls(),
                usual.sendProxy(),
                usual.protocol(),
                Optional.of(source));
    }

    private static Config tcp(Pool pool) {
        return Configs.of(List.of(Configs.tcp("in", "app")), List.of(pool));
    }

    private static Config udp(Pool pool) {
        return Configs.of(
                List.of(
                        new Listener.Udp(
                                "in",
                                List.of(Configs.loopback(0)),
                                OptionalInt.empty(),
                                Duration.ofSeconds(10),
                                OptionalInt.empty(),
                                "app",
                                Listener.Admission.ANY)),
                List.of(pool));
    }

    /** Servers that no address of loopback has a way to; one failure that is theirs ejects one. */
    private static Pool outOfReach() {
        return pool(
                new Source.Client(),
                Optional.empty(),
                Configs.watched(
                        Configs.pool(
                                "app",
                                new Endpoint(InetAddress.ofLiteral("198.51.100.7"), 5001),
                                new Endpoint(InetAddress.ofLiteral("198.51.100.7"), 5002)),
                        new Pool.Passive(1, Duration.ofMinutes(1), Duration.ofMinutes(1))));
    }

    private static void assertNobodyEjected(Running buoy) {
        Await.until("it has failed", () -> buoy.listener("in").totals().failed() == 1);
        assertThat(buoy.server("app", "s1").totals().failed())
                .isPositive()
                .isEqualTo(buoy.server("app", "s2").totals().failed());
        assertThat(buoy.server("app", "s1").totals().failures())
                .containsOnlyKeys(Reason.SERVER_UNREACHABLE);
        assertThat(buoy.events()).noneMatch(BalancerEvent.ServerEjected.class::isInstance);
    }

    private static Socket from(InetAddress address, Running buoy) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), buoy.port("in"), address, 0);
        socket.setSoTimeout(10_000);
        return socket;
    }

    @Test
    void sessionsAndChecksComeFromTheAddressThatIsSaid() throws Exception {
        Health health = Configs.health(new Health.Probe.Tcp(Optional.empty(), Optional.of("127")));
        try (TestServer server = sayingWhoComes();
                Running buoy =
                        Running.start(
                                tcp(
                                        pool(
                                                new Source.Address(OTHER),
                                                Optional.of(health),
                                                server.endpoint())))) {
            Await.until("it was checked", () -> buoy.up("app") == 1);
            try (Socket client = from(CLIENT, buoy)) {
                assertThat(TestServer.said(client)).isEqualTo("127.0.0.2");
            }
            assertThat(seen).containsExactly("127.0.0.2");

            buoy.apply(tcp(Configs.pool("app", server.endpoint())));
            try (Socket client = from(CLIENT, buoy)) {
                assertThat(TestServer.said(client)).isEqualTo("127.0.0.1");
            }
        }
    }

    @Test
    void serversSeeTheClientItself() throws Exception {
        assumeThat(System.getProperty("user.name")).as("needs CAP_NET_ADMIN").isEqualTo("root");
        try (TestServer server = sayingWhoComes();
                Running buoy =
                        Running.start(
                                tcp(
                                        pool(
                                                new Source.Client(),
                                                Optional.empty(),
                                                server.endpoint())));
                Socket client = from(CLIENT, buoy);
                Socket other = from(OTHER, buoy)) {
            assertThat(TestServer.said(client)).isEqualTo("127.0.0.3");
            assertThat(TestServer.said(other)).isEqualTo("127.0.0.2");
        }
    }

    @Test
    void datagramsToo() throws Exception {
        assumeThat(System.getProperty("user.name")).as("needs CAP_NET_ADMIN").isEqualTo("root");
        try (DatagramSocket server = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                Running buoy =
                        Running.start(
                                udp(
                                        pool(
                                                new Source.Client(),
                                                Optional.empty(),
                                                Configs.loopback(server.getLocalPort()))));
                DatagramSocket client = new DatagramSocket(0, CLIENT)) {
            server.setSoTimeout(10_000);
            client.setSoTimeout(10_000);
            client.send(
                    new DatagramPacket(
                            new byte[] {'x'},
                            1,
                            InetAddress.getLoopbackAddress(),
                            buoy.port("in")));
            DatagramPacket heard = new DatagramPacket(new byte[10], 10);
            server.receive(heard);
            assertThat(heard.getAddress()).isEqualTo(CLIENT);
            server.send(new DatagramPacket(new byte[] {'y'}, 1, heard.getSocketAddress()));
            DatagramPacket answer = new DatagramPacket(new byte[10], 10);
            client.receive(answer);
            assertThat(answer.getPort()).isEqualTo(buoy.port("in"));
        }
    }

    @Test
    void aClientsAddressWithoutAWayIsNotHeldAgainstTheServers() throws Exception {
        assumeThat(System.getProperty("user.name")).as("needs CAP_NET_ADMIN").isEqualTo("root");
        try (Running buoy = Running.start(tcp(outOfReach()));
                Socket _ = from(CLIENT, buoy)) {
            assertNobodyEjected(buoy);
        }
    }

    @Test
    void norIsThatOfDatagrams() throws Exception {
        assumeThat(System.getProperty("user.name")).as("needs CAP_NET_ADMIN").isEqualTo("root");
        try (Running buoy = Running.start(udp(outOfReach()));
                DatagramSocket client = new DatagramSocket(0, CLIENT)) {
            client.send(
                    new DatagramPacket(
                            new byte[] {'x'},
                            1,
                            InetAddress.getLoopbackAddress(),
                            buoy.port("in")));
            assertNobodyEjected(buoy);
        }
    }

    @Test
    void aLinkLocalAddressIsOfNoUse() {
        var server =
                new buoy.lb.pool.Pool(
                                pool(
                                        new Source.Client(),
                                        Optional.empty(),
                                        Configs.pool("app", Configs.loopback(5001))),
                                1)
                        .servers()
                        .getFirst();
        assertThat(server.from(ends("fe80::1"))).isNull();
        assertThat(server.from(ends("169.254.0.1"))).isNull();
        assertThat(server.from(ends("203.0.113.1")))
                .isEqualTo(new From(InetAddress.ofLiteral("203.0.113.1"), true));
    }

    private static Ends ends(String client) {
        return new Ends(
                new InetSocketAddress(InetAddress.ofLiteral(client), 40000),
                new InetSocketAddress(InetAddress.ofLiteral("198.51.100.100"), 5000));
    }

    @Test
    void anAddressOfAnotherFamilyIsLeftAsideByChecksToo() throws Exception {
        Health health = Configs.health(new Health.Probe.Tcp(Optional.empty(), Optional.of("127")));
        try (TestServer server = sayingWhoComes();
                Running buoy =
                        Running.start(
                                tcp(
                                        pool(
                                                new Source.Address(
                                                        InetAddress.ofLiteral("2001:db8::1")),
                                                Optional.of(health),
                                                server.endpoint())))) {
            Await.until("it was checked", () -> buoy.up("app") == 1);
            try (Socket client = from(CLIENT, buoy)) {
                assertThat(TestServer.said(client)).isEqualTo("127.0.0.1");
            }
        }
    }
}
