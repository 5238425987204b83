package buoy.lb.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import buoy.config.model.Config;
import buoy.config.model.Health;
import buoy.config.model.Listener;
import buoy.config.model.Location;
import buoy.config.model.Network;
import buoy.config.model.Pool;
import buoy.config.model.Pool.SendProxy;
import buoy.config.model.ServerAddress;
import buoy.config.model.UnixPath;
import buoy.lb.BindFailed;
import buoy.lb.kit.Await;
import buoy.lb.kit.Configs;
import buoy.lb.kit.Running;
import buoy.lb.pool.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Listeners and servers on unix sockets. Two workers. */
class UnixSocketsTest {
    @TempDir Path directory;

    private Path file(String name) {
        return directory.resolve(name);
    }

    private UnixPath at(String name) {
        return new UnixPath(file(name).toString());
    }

    private Listener tcp(String name, Location... bind) {
        Listener.Tcp usual = Configs.tcp(name, "app");
        return new Listener.Tcp(
                name,
                List.of(bind),
                usual.maxConnections(),
                usual.tls(),
                usual.idle(),
                usual.routes(),
                usual.admission());
    }

    private Pool pool(Optional<Health> health, Optional<SendProxy> sendProxy) {
        Pool usual = Configs.pool("app");
        return new Pool(
                usual.name(),
                usual.balance(),
                List.of(
                        new Pool.Server(
                                "s1",
                                new ServerAddress.Local(at("server.sock")),
                                1,
                                OptionalInt.empty(),
                                false)),
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
                sendProxy,
                usual.protocol());
    }

    private Config config(Listener... listeners) {
        return Configs.of(List.of(listeners), List.of(pool(Optional.empty(), Optional.empty())));
    }

    private SocketChannel connect(String name) throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(file(name)));
    }

    /** What a server does with a connection. */
    private interface Service {
        void serve(SocketChannel client) throws IOException;
    }

    private ServerSocketChannel serve(Service service) throws IOException {
        ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listening.bind(UnixDomainSocketAddress.of(file("server.sock")));
        Thread.ofVirtual()
                .start(
                        () -> {
                            try {
                                while (true) {
                                    SocketChannel client = listening.accept();
                                    Thread.ofVirtual().start(() -> serve(service, client));
                                }
                            } catch (IOException _) {
                                // Closed: the test is over.
                            }
                        });
        return listening;
    }

    private static void serve(Service service, SocketChannel client) {
        try (client) {
            service.serve(client);
        } catch (IOException _) {
            // The peer is gone: what a test looks at is the other end.
        }
    }

    /** Says all that it heard once the client has ended. */
    private static final Service AFTER_THE_END =
            client -> {
                byte[] all = Channels.newInputStream(client).readAllBytes();
                // A channel may write less than all, its stream does not.
                Channels.newOutputStream(client).write(all);
            };

    private static final Service ECHO =
            client -> Channels.newInputStream(client).transferTo(Channels.newOutputStream(client));

    private static String say(SocketChannel client, String text) throws IOException {
        client.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
        return new String(
                Channels.newInputStream(client).readNBytes(text.length()), StandardCharsets.UTF_8);
    }

    @Test
    void bytesAndEndsPassOnBothSides() throws Exception {
        byte[] much = new byte[5 << 20];
        for (int i = 0; i < much.length; i++) {
            much[i] = (byte) ((i * 31) >> 4);
        }
        try (ServerSocketChannel _ = serve(AFTER_THE_END);
                Running buoy = Running.start(config(tcp("raw", at("in.sock"))));
                SocketChannel client = connect("in.sock")) {
            ByteBuffer sent = ByteBuffer.wrap(much);
            while (sent.hasRemaining()) {
                client.write(sent);
            }
            client.shutdownOutput();
            assertThat(Arrays.equals(Channels.newInputStream(client).readAllBytes(), much))
                    .isTrue();
            Await.until(
                    "the session finished", () -> buoy.listener("raw").totals().finished() == 1);
            assertThat(buoy.server("app", "s1").totals().bytesToClient()).isEqualTo(much.length);
            assertThat(buoy.listener("raw").bound()).containsExactly(at("in.sock"));
            assertThat(buoy.server("app", "s1").address()).hasToString(at("server.sock") + "");
            assertThat(
                            PosixFilePermissions.toString(
                                    Files.getPosixFilePermissions(file("in.sock"))))
                    .isEqualTo("rw-rw-rw-");
        }
        assertThat(file("in.sock")).doesNotExist();
    }

    @Test
    void whereNobodyListensTheServerRefuses() throws Exception {
        try (Running buoy = Running.start(config(tcp("raw", at("in.sock"))));
                SocketChannel client = connect("in.sock")) {
            assertThat(client.read(ByteBuffer.allocate(1))).isEqualTo(-1);
            assertThat(buoy.listener("raw").totals().failures())
                    .containsOnlyKeys(Reason.SERVER_REFUSED);
        }
    }

    @Test
    void whatADeadProgramLeftGivesWayAndNothingElseDoes() throws Exception {
        // Left as a killed program leaves it.
        ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(file("in.sock")))
                .close();
        assertThat(file("in.sock")).exists();
        try (ServerSocketChannel _ = serve(ECHO);
                Running _ = Running.start(config(tcp("raw", at("in.sock"))))) {
            try (SocketChannel client = connect("in.sock")) {
                assertThat(say(client, "hello")).isEqualTo("hello");
            }
            assertThatThrownBy(() -> Running.start(config(tcp("other", at("server.sock")))))
                    .isInstanceOfSatisfying(
                            BindFailed.class,
                            failed ->
                                    assertThat(failed.problems())
                                            .singleElement()
                                            .asString()
                                            .contains("another program answers there"));
            Files.writeString(file("plain"), "precious");
            assertThatThrownBy(() -> Running.start(config(tcp("other", at("plain")))))
                    .isInstanceOfSatisfying(
                            BindFailed.class,
                            failed ->
                                    assertThat(failed.problems())
                                            .singleElement()
                                            .asString()
                                            .contains("is there and no socket"));
            assertThat(file("plain")).hasContent("precious");
            assertThat(file("other.sock")).doesNotExist();
            try (SocketChannel client = connect("server.sock")) {
                assertThat(say(client, "still there")).isEqualTo("still there");
            }
        }
    }

    @Test
    void reloadsKeepTheSocketAndGiveItOnWithoutAGap() throws Exception {
        try (ServerSocketChannel _ = serve(ECHO);
                Running buoy = Running.start(config(tcp("raw", at("in.sock"))));
                SocketChannel early = connect("in.sock")) {
            assertThat(say(early, "one")).isEqualTo("one");
            Object before = Files.getAttribute(file("in.sock"), "unix:ino");

            buoy.apply(config(tcp("raw", at("in.sock"), at("more.sock"))));
            assertThat(Files.getAttribute(file("in.sock"), "unix:ino")).isEqualTo(before);
            try (SocketChannel more = connect("more.sock")) {
                assertThat(say(more, "more")).isEqualTo("more");
            }

            buoy.apply(config(tcp("renamed", at("in.sock"))));
            assertThat(file("more.sock")).doesNotExist();
            assertThat(say(early, "two")).isEqualTo("two");
            try (SocketChannel late = connect("in.sock")) {
                assertThat(say(late, "late")).isEqualTo("late");
                assertThat(buoy.listener("renamed").connections()).isEqualTo(1);
            }

            // An operator's mistake is undone by a reload, and is told until then.
            Files.delete(file("in.sock"));
            assertThat(
                            Objects.requireNonNull(buoy.balancer().accepting().get("renamed"))
                                    .orElse("accepts"))
                    .isEqualTo(at("in.sock") + " is gone (a reload makes it anew)");
            buoy.apply(config(tcp("renamed", at("in.sock"))));
            try (SocketChannel again = connect("in.sock")) {
                assertThat(say(again, "again")).isEqualTo("again");
            }
        }
    }

    @Test
    void checksAskTheSocket() throws Exception {
        Health health =
                Configs.health(new Health.Probe.Tcp(Optional.of("PING"), Optional.of("PONG")));
        Service pong =
                client -> {
                    client.read(ByteBuffer.allocate(16));
                    client.write(ByteBuffer.wrap("+PONG".getBytes(StandardCharsets.UTF_8)));
                };
        Service silent = client -> client.read(ByteBuffer.allocate(16));
        Config config =
                Configs.of(
                        List.of(tcp("raw", at("in.sock"))),
                        List.of(pool(Optional.of(health), Optional.empty())));
        ServerSocketChannel ends = serve(silent);
        try (Running buoy = Running.start(config)) {
            Await.until(
                    () -> buoy.server("app", "s1").health().toString(),
                    () ->
                            buoy.server("app", "s1")
                                    .health()
                                    .why()
                                    .contains("closed without a word"));
            ends.close();
            Files.delete(file("server.sock"));
            ServerSocketChannel answers = serve(pong);
            Await.until("it is up", () -> buoy.up("app") == 1);
            answers.close();
            Await.until("it is down", () -> buoy.up("app") == 0);
        }
    }

    /** A client on a unix socket has no address: it is not told one that is not its own. */
    @Test
    void requestsAreOfNobodyUnlessAProxyOnThisHostSaysWhose() throws Exception {
        Listener.Http usual = Configs.http("web", List.of(), "app");
        List<Network> thisHost = List.of(new Network(InetAddress.ofLiteral("127.0.0.1"), 32));
        Service heads =
                client -> {
                    var in =
                            new java.io.BufferedReader(
                                    Channels.newReader(client, StandardCharsets.ISO_8859_1));
                    StringBuilder head = new StringBuilder();
                    for (String line = in.readLine();
                            line != null && !line.isEmpty();
                            line = in.readLine()) {
                        head.append(line).append('\n');
                    }
                    client.write(
                            ByteBuffer.wrap(
                                    ("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + head)
                                            .getBytes(StandardCharsets.ISO_8859_1)));
                };
        try (ServerSocketChannel _ = serve(heads)) {
            for (List<Network> trusted : List.of(List.<Network>of(), thisHost)) {
                Listener web =
                        new Listener.Http(
                                "web",
                                List.of(at("in.sock")),
                                usual.maxConnections(),
                                usual.tls(),
                                trusted,
                                usual.timeouts(),
                                usual.limits(),
                                usual.headers(),
                                usual.routes());
                try (Running _ = Running.start(config(web));
                        SocketChannel client = connect("in.sock")) {
                    client.write(
                            ByteBuffer.wrap(
                                    """
                                    GET / HTTP/1.1\r
                                    Host: a\r
                                    Connection: close\r
                                    X-Forwarded-For: 203.0.113.7\r
                                    \r
                                    """
                                            .getBytes(StandardCharsets.ISO_8859_1)));
                    String answer =
                            new String(
                                    Channels.newInputStream(client).readAllBytes(),
                                    StandardCharsets.ISO_8859_1);
                    assertThat(answer)
                            .startsWith("HTTP/1.1 200")
                            .contains("X-Forwarded-Proto: http\n")
                            .doesNotContain("127.0.0.1", "X-Forwarded-Port");
                    if (trusted.isEmpty()) {
                        assertThat(answer).doesNotContain("X-Forwarded-For");
                    } else {
                        assertThat(answer).contains("X-Forwarded-For: 203.0.113.7\n");
                    }
                }
            }
        }
    }

    @Test
    void serversAreToldThatNobodyIsKnown() throws Exception {
        for (SendProxy version : SendProxy.values()) {
            Config config =
                    Configs.of(
                            List.of(tcp("raw", at("in.sock"))),
                            List.of(pool(Optional.empty(), Optional.of(version))));
            try (ServerSocketChannel _ = serve(AFTER_THE_END);
                    Running _ = Running.start(config);
                    SocketChannel client = connect("in.sock")) {
                client.shutdownOutput();
                byte[] header = Channels.newInputStream(client).readAllBytes();
                if (version == SendProxy.V1) {
                    assertThat(header).asString().isEqualTo("PROXY UNKNOWN\r\n");
                } else {
                    assertThat(HexFormat.of().formatHex(header))
                            .isEqualTo("0d0a0d0a000d0a515549540a20000000");
                }
            }
            Files.delete(file("server.sock"));
        }
    }

    @Test
    void aSessionThatIsSilentForTooLongIsCut() throws Exception {
        Listener.Tcp usual = Configs.tcp("raw", "app");
        Listener impatient =
                new Listener.Tcp(
                        "raw",
                        List.of(at("in.sock")),
                        usual.maxConnections(),
                        usual.tls(),
                        Duration.ofMillis(300),
                        usual.routes(),
                        usual.admission());
        try (ServerSocketChannel _ = serve(ECHO);
                Running buoy = Running.start(config(impatient));
                SocketChannel client = connect("in.sock")) {
            assertThat(say(client, "hello")).isEqualTo("hello");
            assertThat(client.read(ByteBuffer.allocate(1))).isEqualTo(-1);
            assertThat(buoy.listener("raw").totals().failures())
                    .containsOnlyKeys(Reason.IDLE_TIMEOUT);
        }
    }
}
