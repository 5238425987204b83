package buoy.lb;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import buoy.config.model.Config;
import buoy.config.model.Endpoint;
import buoy.config.model.Listener;
import buoy.config.model.UnixPath;
import buoy.lb.kit.Await;
import buoy.lb.kit.Configs;
import buoy.lb.kit.Running;
import buoy.lb.kit.TestServer;
import buoy.lb.pool.Reason;
import java.io.IOException;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A listener that is paused by command. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ListenerPauseTest {
    @TempDir Path directory;

    private static Config config(TestServer server, Listener... listeners) {
        return Configs.of(List.of(listeners), List.of(Configs.pool("app", server.endpoint())));
    }

    private static Listener.Tcp tcp(String name, Endpoint at) {
        return Configs.tcp(name, at, Duration.ofMinutes(1), "app");
    }

    private static String echoed(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
        return new String(socket.getInputStream().readNBytes(text.length()), ISO_8859_1);
    }

    private static void assertLetsIn(Endpoint at) throws IOException {
        try (Socket socket = new Socket(at.address(), at.port())) {
            socket.setSoTimeout(10_000);
            assertThat(echoed(socket, "in")).isEqualTo("in");
        }
    }

    /** At once or, of who comes in the very moment, when it is tried again. */
    private static void assertRefuses(Endpoint at) {
        assertThatThrownBy(() -> new Socket(at.address(), at.port()).close())
                .isInstanceOf(ConnectException.class);
    }

    private static void pause(Running buoy, String listener) {
        assertThat(buoy.balancer().pauseListener(listener)).isTrue();
    }

    private static void resume(Running buoy, String listener) throws BindFailed {
        assertThat(buoy.balancer().resumeListener(listener)).contains(true);
    }

    @Test
    void whoIsThereGoesOnAndNobodyElseComesIn() throws Exception {
        try (TestServer server = TestServer.echo();
                Running buoy = Running.start(config(server, Configs.tcp("in", "app")));
                Socket before = buoy.connect("in")) {
            Endpoint at = buoy.endpoint("in");
            assertThat(echoed(before, "one")).isEqualTo("one");
            pause(buoy, "in");
            assertRefuses(at);
            assertThat(echoed(before, "two")).isEqualTo("two");
            assertThat(buoy.listener("in").paused()).isPresent();
            assertThat(buoy.listener("in").bound()).containsExactly(at);
            assertThat(buoy.listener("in").connections()).isEqualTo(1);
            assertThat(buoy.balancer().accepting())
                    .containsEntry("in", Optional.of("it is paused by command"));
            Optional<Instant> since = buoy.listener("in").paused();
            pause(buoy, "in");
            assertThat(buoy.listener("in").paused()).isEqualTo(since);

            resume(buoy, "in");
            assertLetsIn(at);
            assertThat(echoed(before, "three")).isEqualTo("three");
            assertThat(buoy.listener("in").paused()).isEmpty();
            assertThat(buoy.balancer().accepting()).containsEntry("in", Optional.empty());
            assertThat(buoy.balancer().resumeListener("in")).contains(false);
            assertThat(buoy.events())
                    .containsSubsequence(
                            new BalancerEvent.ListenerClosed("in", at),
                            new BalancerEvent.ListenerOpened("in", at));
        }
    }

    @Test
    void itIsTheSameWithoutEpoll() throws Exception {
        try (TestServer server = TestServer.echo();
                Running buoy =
                        Running.start(Configs.nio(config(server, Configs.tcp("in", "app"))))) {
            Endpoint at = buoy.endpoint("in");
            pause(buoy, "in");
            Await.until("it to be closed", () -> refuses(at));
            resume(buoy, "in");
            assertLetsIn(at);
        }
    }

    @Test
    void keptConnectionsAreKept() throws Exception {
        try (TestServer server = TestServer.start(ListenerPauseTest::answerAll);
                Running buoy =
                        Running.start(
                                config(
                                        server,
                                        Configs.http("web", List.of(Configs.loopback(0)), "app")));
                Socket kept = buoy.connect("web")) {
            assertThat(get(kept)).contains("200 OK");
            pause(buoy, "web");
            assertThat(get(kept)).contains("200 OK").doesNotContain("Connection: close");
            assertThat(get(kept)).contains("200 OK");
        }
    }

    private static void answerAll(Socket socket) throws IOException {
        while (!head(socket).isEmpty()) {
            socket.getOutputStream()
                    .write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(ISO_8859_1));
        }
    }

    private static String get(Socket socket) throws IOException {
        socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(ISO_8859_1));
        return head(socket);
    }

    private static String head(Socket socket) throws IOException {
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int octet = socket.getInputStream().read();
            if (octet < 0) {
                return "";
            }
            head.append((char) octet);
        }
        return head.toString();
    }

    @Test
    void itOutlivesReloadsWhichChangeWhereItListens() throws Exception {
        Endpoint first = Configs.unused();
        Endpoint second = Configs.unused();
        try (TestServer server = TestServer.echo();
                Running buoy = Running.start(config(server, tcp("in", first)))) {
            pause(buoy, "in");
            buoy.apply(config(server, tcp("in", first)));
            assertRefuses(first);
            buoy.apply(config(server, tcp("in", second)));
            assertThat(buoy.listener("in").paused()).isPresent();
            assertRefuses(first);
            assertRefuses(second);
            resume(buoy, "in");
            assertRefuses(first);
            assertLetsIn(second);

            pause(buoy, "in");
            buoy.apply(config(server, tcp("other", second)));
            assertThat(buoy.listener("other").paused()).as("another name").isEmpty();
            assertLetsIn(second);
            buoy.apply(config(server, tcp("other", second), tcp("in", first)));
            assertThat(buoy.listener("in").paused()).as("it was gone").isEmpty();
            assertLetsIn(first);
        }
    }

    /** It would be open else: what goes from one to another is not closed. */
    @Test
    void whatItGetsFromAnotherIsClosed() throws Exception {
        Endpoint first = Configs.unused();
        Endpoint second = Configs.unused();
        try (TestServer server = TestServer.echo();
                Running buoy =
                        Running.start(config(server, tcp("in", first), tcp("other", second)))) {
            pause(buoy, "in");
            buoy.apply(config(server, tcp("in", second), tcp("other", first)));
            assertLetsIn(first);
            Await.until("it to be closed", () -> refuses(second));
            resume(buoy, "in");
            assertLetsIn(second);
        }
    }

    private static boolean refuses(Endpoint at) {
        try {
            new Socket(at.address(), at.port()).close();
            return false;
        } catch (IOException _) {
            return true;
        }
    }

    @Test
    void itStaysPausedWhereAnotherProgramHasTakenItsPlace() throws Exception {
        try (TestServer server = TestServer.echo();
                Running buoy = Running.start(config(server, Configs.tcp("in", "app")))) {
            Endpoint at = buoy.endpoint("in");
            pause(buoy, "in");
            Await.until("it to be closed", () -> refuses(at));
            try (ServerSocket other = new ServerSocket()) {
                other.bind(new InetSocketAddress(at.address(), at.port()));
                assertThatThrownBy(() -> buoy.balancer().resumeListener("in"))
                        .isInstanceOf(BindFailed.class)
                        .hasMessageContaining("listeners.in.bind: " + at)
                        .hasMessageContaining("another program listens there");
                assertThat(buoy.listener("in").paused()).isPresent();
            }
            resume(buoy, "in");
            assertLetsIn(at);
        }
    }

    @Test
    void aUnixSocketRefusesAndIsThereAgain() throws Exception {
        UnixPath at = new UnixPath(directory.resolve("in.sock").toString());
        UnixDomainSocketAddress there = UnixDomainSocketAddress.of(at.path());
        try (TestServer server = TestServer.echo()) {
            try (Running buoy =
                    Running.start(config(server, Configs.http("in", List.of(at), "app")))) {
                SocketChannel.open(there).close();
                pause(buoy, "in");
                assertThatThrownBy(() -> SocketChannel.open(there))
                        .isInstanceOf(ConnectException.class);
                buoy.apply(config(server, Configs.http("in", List.of(at), "app")));
                assertThatThrownBy(() -> SocketChannel.open(there))
                        .isInstanceOf(ConnectException.class);
                resume(buoy, "in");
                try (SocketChannel client = SocketChannel.open(there)) {
                    client.write(ByteBuffer.wrap("none\r\n\r\n".getBytes(ISO_8859_1)));
                    assertThat(client.read(ByteBuffer.allocate(12))).isEqualTo(12);
                }
                pause(buoy, "in");
            }
            assertThat(directory).isEmptyDirectory();
        }
    }

    @Test
    void whoHasASessionByDatagramIsServed() throws Exception {
        try (DatagramSocket server = socket();
                Running buoy =
                        Running.start(
                                Configs.of(
                                        List.of(
                                                new Listener.Udp(
                                                        "in",
                                                        List.of(Configs.loopback(0)),
                                                        OptionalInt.empty(),
                                                        Duration.ofMinutes(1),
                                                        OptionalInt.empty(),
                                                        "app",
                                                        Listener.Admission.ANY)),
                                        List.of(
                                                Configs.pool(
                                                        "app",
                                                        Configs.loopback(
                                                                server.getLocalPort())))));
                DatagramSocket known = socket();
                DatagramSocket unknown = socket()) {
            int port = buoy.port("in");
            say(known, "one", port);
            assertThat(hear(server)).isEqualTo("one");
            pause(buoy, "in");
            say(unknown, "lost", port);
            Await.until("it to be counted", () -> failed(buoy) == 1);
            say(known, "two", port);
            assertThat(hear(server)).isEqualTo("two");
            assertThat(buoy.listener("in").connections()).isEqualTo(1);
            resume(buoy, "in");
            say(unknown, "three", port);
            assertThat(hear(server)).isEqualTo("three");
            assertThat(failed(buoy)).isEqualTo(1);
        }
    }

    private static long failed(Running buoy) {
        return buoy.listener("in").totals().failures().getOrDefault(Reason.LISTENER_PAUSED, 0L);
    }

    private static DatagramSocket socket() throws IOException {
        DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static void say(DatagramSocket from, String text, int port) throws IOException {
        byte[] bytes = text.getBytes(ISO_8859_1);
        from.send(new DatagramPacket(bytes, bytes.length, InetAddress.getLoopbackAddress(), port));
    }

    private static String hear(DatagramSocket at) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[100], 100);
        at.receive(packet);
        return new String(packet.getData(), 0, packet.getLength(), ISO_8859_1);
    }

    @Test
    void whatThereIsNotIsNotPaused() throws Exception {
        try (TestServer server = TestServer.echo();
                Running buoy = Running.start(config(server, Configs.tcp("in", "app")))) {
            assertThat(buoy.balancer().pauseListener("out")).isFalse();
            assertThat(buoy.balancer().resumeListener("out")).isEmpty();
        }
    }
}
