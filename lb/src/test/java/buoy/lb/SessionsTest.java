package buoy.lb;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Config;
import buoy.config.model.Endpoint;
import buoy.config.model.Listener;
import buoy.lb.kit.Await;
import buoy.lb.kit.Configs;
import buoy.lb.kit.Running;
import buoy.lb.kit.TestServer;
import buoy.lb.pool.Doing;
import buoy.lb.pool.Doing.State;
import buoy.lb.pool.Reason;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Who is here is listed, and can be ended one by one. */
class SessionsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: app.example\r\n\r\n";

    private static final String UPGRADE =
            """
            GET / HTTP/1.1
            Host: app.example
            Connection: Upgrade
            Upgrade: websocket
            Sec-WebSocket-Version: 13
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==

            """
                    .replace("\n", "\r\n");

    private static final String SWITCHING =
            """
            HTTP/1.1 101 Switching Protocols
            Connection: Upgrade
            Upgrade: websocket
            Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=

            """
                    .replace("\n", "\r\n");

    private static Config config(Endpoint... servers) {
        return Configs.of(
                List.of(
                        Configs.tcp("in", "app"),
                        Configs.http("web", List.of(Configs.loopback(0)), "app"),
                        Configs.postgres("db", "app"),
                        new Listener.Udp(
                                "datagrams",
                                List.of(Configs.loopback(0)),
                                OptionalInt.empty(),
                                Duration.ofMinutes(1),
                                OptionalInt.empty(),
                                "app",
                                Listener.Admission.ANY)),
                List.of(Configs.holding(Configs.pool("app", servers), Duration.ofMinutes(1), 100)));
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String hear(Socket socket, int length) throws IOException {
        return new String(socket.getInputStream().readNBytes(length), StandardCharsets.US_ASCII);
    }

    /** A client of a server that echoes, by which it has been heard. */
    private static Socket greeted(Running buoy) throws IOException {
        Socket client = buoy.connect("in");
        say(client, "hello");
        assertThat(hear(client, 5)).isEqualTo("hello");
        return client;
    }

    private static String head(Socket socket) throws IOException {
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int next = socket.getInputStream().read();
            assertThat(next).as("what follows " + head).isNotNegative();
            head.append((char) next);
        }
        return head.toString();
    }

    private static SessionList list(Running buoy) {
        return list(buoy, SessionFilter.ALL, 1000);
    }

    private static SessionList list(Running buoy, SessionFilter filter, int most) {
        try {
            SessionList list = buoy.balancer().sessions(filter, most, PATIENCE);
            assertThat(list.silent()).isEmpty();
            return list;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The only one, once it is so. */
    private static LiveSession one(Running buoy, State state) {
        Await.until(
                () -> state + " in " + list(buoy),
                () ->
                        list(buoy).sessions().stream()
                                .map(each -> each.doing().state())
                                .toList()
                                .equals(List.of(state)));
        return list(buoy).sessions().getFirst();
    }

    private static LiveSession end(Running buoy, LiveSession session) throws Exception {
        return buoy.balancer().endSession(session.id(), PATIENCE).orElseThrow();
    }

    private static void assertEnds(Socket client) throws IOException {
        try {
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        } catch (SocketException reset) {
            // A session that is cut is reset.
            assertThat(reset).hasMessageContaining("reset");
        }
    }

    private static void assertCounted(Running buoy, String listener) {
        Await.until(
                "it is counted",
                () ->
                        buoy.listener(listener)
                                .totals()
                                .failures()
                                .equals(Map.of(Reason.KILLED, 1L)));
    }

    @Test
    void aSessionIsListedWithItsBytesAndEnded() throws Exception {
        Instant before = Instant.now();
        try (TestServer server = TestServer.echo();
                Running buoy = Running.start(config(server.endpoint()));
                Socket client = greeted(buoy)) {
            LiveSession session = one(buoy, State.SESSION);
            assertThat(session.listener()).isEqualTo("in");
            assertThat(session.protocol()).isEqualTo("tcp");
            assertThat(session.ends().client()).isEqualTo(client.getLocalSocketAddress());
            assertThat(session.since()).isBetween(before.minusMillis(1), Instant.now());
            assertThat(session.doing().targets()).hasToString("[app/s1]");
            assertThat(session.doing().fromClient()).isEqualTo(5);
            assertThat(session.doing().toClient()).isEqualTo(5);

            assertThat(end(buoy, session).id()).isEqualTo(session.id());
            assertEnds(client);
            assertCounted(buoy, "in");
            assertThat(list(buoy).sessions()).isEmpty();
            assertThat(buoy.balancer().endSession(session.id(), PATIENCE)).isEmpty();
        }
    }

    @Test
    void aKeptConnectionIsIdleAndCountsWhatItHasCarried() throws Exception {
        try (TestServer server =
                        TestServer.start(
                                socket -> {
                                    while (socket.getInputStream().read(new byte[1000]) > 0) {
                                        say(
                                                socket,
                                                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                                    }
                                });
                Running buoy = Running.start(config(server.endpoint()));
                Socket client = buoy.connect("web")) {
            LiveSession fresh = one(buoy, State.IDLE);
            assertThat(fresh.doing().fromClient()).isZero();
            say(client, REQUEST);
            assertThat(head(client) + hear(client, 2)).startsWith("HTTP/1.1 200").endsWith("ok");
            LiveSession kept = one(buoy, State.IDLE);
            assertThat(kept.id()).as("it is the same one").isEqualTo(fresh.id());
            assertThat(kept.doing().version()).contains("1");
            assertThat(kept.doing().fromClient()).isGreaterThanOrEqualTo(REQUEST.length());
            assertThat(kept.doing().toClient()).isGreaterThan(30);
            end(buoy, kept);
            assertEnds(client);
            assertThat(buoy.listener("web").totals().failures())
                    .as("nothing was under way")
                    .isEmpty();
        }
    }

    @Test
    void anExchangeIsAnsweredWhenItIsEnded() throws Exception {
        try (TestServer server =
                        TestServer.start(socket -> socket.getInputStream().readAllBytes());
                Running buoy = Running.start(config(server.endpoint()));
                Socket client = buoy.connect("web")) {
            say(client, REQUEST);
            LiveSession session = one(buoy, State.EXCHANGE);
            assertThat(session.doing().targets()).hasToString("[app/s1]");
            end(buoy, session);
            assertThat(head(client)).startsWith("HTTP/1.1 503");
            assertCounted(buoy, "web");
        }
    }

    @Test
    void aWebSocketIsATunnel() throws Exception {
        try (TestServer server =
                        TestServer.start(
                                socket -> {
                                    head(socket);
                                    say(socket, SWITCHING);
                                    socket.getInputStream().transferTo(socket.getOutputStream());
                                });
                Running buoy = Running.start(config(server.endpoint()));
                Socket client = buoy.connect("web")) {
            say(client, UPGRADE);
            assertThat(head(client)).startsWith("HTTP/1.1 101");
            say(client, "frame");
            assertThat(hear(client, 5)).isEqualTo("frame");
            LiveSession session = one(buoy, State.TUNNEL);
            assertThat(session.doing().targets()).hasToString("[app/s1]");
            assertThat(session.doing().fromClient()).isGreaterThan(UPGRADE.length());
            end(buoy, session);
            assertEnds(client);
            assertCounted(buoy, "web");
        }
    }

    @Test
    void aDatabaseSessionSaysWhoseItIsAndWithWhat() throws Exception {
        // StartupMessage 3.0 of bob for sales.
        byte[] hello =
                HexFormat.of()
                        .parseHex(
                                "00000021000300007573657200626f620064617461626173650073616c65730000");
        try (TestServer server =
                        TestServer.start(
                                socket -> {
                                    var _ = socket.getInputStream().readNBytes(hello.length);
                                    // AuthenticationOk, ReadyForQuery
                                    socket.getOutputStream()
                                            .write(
                                                    HexFormat.of()
                                                            .parseHex(
                                                                    "5200000008000000005a0000000549"));
                                    socket.getInputStream().readAllBytes();
                                });
                Running buoy = Running.start(config(server.endpoint()));
                Socket client = buoy.connect("db")) {
            one(buoy, State.BEGINNING);
            client.getOutputStream().write(hello);
            assertThat(client.getInputStream().readNBytes(15)).hasSize(15);
            Doing doing = one(buoy, State.SESSION).doing();
            assertThat(doing.user()).contains("bob");
            assertThat(doing.database()).contains("sales");
            assertThat(doing.targets()).hasToString("[app/s1]");
            end(buoy, list(buoy).sessions().getFirst());
            assertEnds(client);
            assertCounted(buoy, "db");
        }
    }

    @Test
    void whoWaitsForAServerIsHeldAndCanBeEnded() throws Exception {
        try (Running buoy = Running.start(config());
                Socket client = buoy.connect("in")) {
            LiveSession session = one(buoy, State.HELD);
            assertThat(session.doing().targets()).hasToString("[app]");
            end(buoy, session);
            assertEnds(client);
            assertCounted(buoy, "in");
            assertThat(buoy.pool("app").waiting()).isZero();
        }
    }

    /** Of seven bytes, which has come to the server. */
    private static void datagram(DatagramSocket client, Running buoy, DatagramSocket server)
            throws IOException {
        client.send(
                new DatagramPacket(
                        new byte[7],
                        7,
                        new InetSocketAddress(
                                InetAddress.getLoopbackAddress(), buoy.port("datagrams"))));
        server.receive(new DatagramPacket(new byte[10], 10));
    }

    @Test
    void datagramsHaveSessionsToo() throws Exception {
        try (DatagramSocket server = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                Running buoy = Running.start(config(Configs.loopback(server.getLocalPort())));
                DatagramSocket client = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            server.setSoTimeout(10_000);
            datagram(client, buoy, server);
            LiveSession session = one(buoy, State.SESSION);
            assertThat(session.protocol()).isEqualTo("udp");
            assertThat(session.ends().client()).isEqualTo(client.getLocalSocketAddress());
            assertThat(session.doing().fromClient()).isEqualTo(7);
            end(buoy, session);
            assertCounted(buoy, "datagrams");
            assertThat(list(buoy).sessions()).isEmpty();
        }
    }

    /** A worker looks at them a few at a time. */
    @Test
    void manyWhoSendDatagramsAreListedAndOneOfThemIsEnded() throws Exception {
        List<DatagramSocket> clients = new ArrayList<>();
        try (DatagramSocket server = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                Running buoy = Running.start(config(Configs.loopback(server.getLocalPort())))) {
            server.setSoTimeout(10_000);
            for (int i = 0; i < 1200; i++) {
                DatagramSocket client = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                clients.add(client);
                datagram(client, buoy, server);
            }
            List<Integer> ports = clients.stream().map(DatagramSocket::getLocalPort).toList();
            List<LiveSession> all = list(buoy, SessionFilter.ALL, 2000).sessions();
            assertThat(all)
                    .extracting(each -> each.ends().client().getPort())
                    .containsExactlyElementsOf(ports);
            end(buoy, all.get(700));
            List<LiveSession> rest = new ArrayList<>(all);
            rest.remove(700);
            assertThat(list(buoy, SessionFilter.ALL, 2000).sessions())
                    .extracting(LiveSession::id)
                    .isEqualTo(rest.stream().map(LiveSession::id).toList());
        } finally {
            clients.forEach(DatagramSocket::close);
        }
    }

    /** It was told that there is no TLS, and may go on without, or say nothing for long. */
    @Test
    void whoIsTurnedAwayAndStaysCanBeEnded() throws Exception {
        Config nobody =
                Configs.of(List.of(Configs.postgres("db", "app")), List.of(Configs.pool("app")));
        try (Running buoy = Running.start(nobody);
                Socket client = buoy.connect("db")) {
            client.getOutputStream().write(HexFormat.of().parseHex("0000000804d2162f"));
            assertThat(hear(client, 1)).isEqualTo("N");
            end(buoy, one(buoy, State.ENDING));
            assertThat(list(buoy).sessions()).isEmpty();
            assertEnds(client);
        }
    }

    @Test
    void theOldestAreListedAndTheRestCounted() throws Exception {
        List<Socket> clients = new ArrayList<>();
        try (TestServer server = TestServer.echo();
                Running buoy = Running.start(config(server.endpoint()))) {
            for (int i = 0; i < 20; i++) {
                clients.add(greeted(buoy));
            }
            Socket web = buoy.connect("web");
            clients.add(web);
            Await.until("all are here", () -> list(buoy).matching() == 21);
            SessionList some = list(buoy, SessionFilter.ALL, 5);
            assertThat(some.matching()).isEqualTo(21);
            assertThat(some.sessions())
                    .extracting(each -> each.ends().client().getPort())
                    .containsExactlyElementsOf(
                            clients.subList(0, 5).stream().map(Socket::getLocalPort).toList());
            assertThat(list(buoy).sessions()).extracting(LiveSession::id).doesNotHaveDuplicates();

            assertThat(list(buoy, filter("web", NONE, NONE), 5).sessions())
                    .extracting(LiveSession::listener)
                    .containsExactly("web");
            assertThat(list(buoy, filter(NONE, "app", NONE), 5).matching()).isEqualTo(20);
            assertThat(list(buoy, filter(NONE, "app", "app/s1"), 5).matching()).isEqualTo(20);
            assertThat(list(buoy, filter("in", NONE, "app/s2"), 5).matching()).isZero();
        } finally {
            for (Socket each : clients) {
                each.close();
            }
        }
    }

    private static final String NONE = "";

    private static SessionFilter filter(String listener, String pool, String server) {
        return new SessionFilter(given(listener), given(pool), given(server));
    }

    private static Optional<String> given(String name) {
        return name.isEmpty() ? Optional.empty() : Optional.of(name);
    }

    @Test
    void whoStaysWithARemovedListenerIsStillListed() throws Exception {
        try (TestServer server = TestServer.echo();
                Running buoy = Running.start(config(server.endpoint()));
                Socket client = greeted(buoy)) {
            buoy.apply(
                    Configs.of(
                            List.of(Configs.tcp("other", "app")),
                            List.of(Configs.pool("app", server.endpoint()))));
            end(buoy, one(buoy, State.SESSION));
            assertEnds(client);
        }
    }

    @Test
    void whatIsNoIdOfThisProcessEndsNobody() throws Exception {
        try (TestServer server = TestServer.echo();
                Running buoy = Running.start(config(server.endpoint()));
                Socket client = greeted(buoy)) {
            String id = list(buoy).sessions().getFirst().id();
            for (String other :
                    List.of(
                            "",
                            "1",
                            "000000" + id.substring(6),
                            id + "9",
                            id.substring(0, 7) + "99999-1")) {
                assertThat(buoy.balancer().endSession(other, PATIENCE)).as(other).isEmpty();
            }
            say(client, "again");
            assertThat(hear(client, 5)).isEqualTo("again");
        }
    }

    /** A worker looks at some, serves its clients, and looks on: also while they come and leave. */
    @Test
    void manyAreListedWhileTheyComeAndLeave() throws Exception {
        List<Socket> staying = new ArrayList<>();
        try (Running buoy = Running.start(config())) {
            for (int i = 0; i < 3000; i++) {
                staying.add(buoy.connect("web"));
            }
            Thread others =
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        while (!Thread.interrupted()) {
                                            try {
                                                buoy.connect("web").close();
                                            } catch (IOException e) {
                                                return;
                                            }
                                        }
                                    });
            List<Integer> ports = staying.stream().map(Socket::getLocalPort).toList();
            Await.until("everybody is let in", () -> list(buoy).matching() >= staying.size());
            for (int i = 0; i < 5; i++) {
                List<Integer> seen =
                        list(buoy, SessionFilter.ALL, 100_000).sessions().stream()
                                .map(each -> each.ends().client().getPort())
                                .toList();
                assertThat(seen).doesNotHaveDuplicates().containsAll(ports);
            }
            others.interrupt();
            others.join();
        } finally {
            for (Socket each : staying) {
                each.close();
            }
        }
    }
}
