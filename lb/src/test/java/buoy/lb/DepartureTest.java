package buoy.lb;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Endpoint;
import buoy.lb.kit.Await;
import buoy.lb.kit.Configs;
import buoy.lb.kit.Running;
import buoy.lb.kit.TestServer;
import buoy.lb.listen.Presence;
import buoy.lb.pool.Duty;
import buoy.lb.pool.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two addresses of this machine; the clients of one of them are to go. */
class DepartureTest {
    private final CountDownLatch slowMayEnd = new CountDownLatch(1);
    private final InetAddress leaves = ip("127.0.0.2");
    private final InetAddress stays = ip("127.0.0.3");
    private TestServer app;
    private TestServer echo;
    private Running buoy;
    private Departure departure;

    @BeforeEach
    void start() throws Exception {
        app = TestServer.start(this::serve);
        echo = TestServer.echo();
        buoy =
                Running.start(
                        Configs.of(
                                List.of(
                                        Configs.http(
                                                "web",
                                                List.of(
                                                        new Endpoint(leaves, 0),
                                                        new Endpoint(stays, 0)),
                                                "app"),
                                        Configs.tcp(
                                                "raw",
                                                new Endpoint(leaves, 0),
                                                Duration.ofMinutes(1),
                                                "echo")),
                                List.of(
                                        Configs.pool("app", app.endpoint()),
                                        Configs.pool("echo", echo.endpoint()))));
        departure = buoy.balancer().departure(leaves::equals);
    }

    @AfterEach
    void stop() {
        slowMayEnd.countDown();
        buoy.close();
        app.close();
        echo.close();
    }

    private void serve(Socket socket) throws IOException {
        for (String head = head(socket.getInputStream());
                !head.isEmpty();
                head = head(socket.getInputStream())) {
            if (head.contains("/slow")) {
                try {
                    slowMayEnd.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
            socket.getOutputStream()
                    .write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(ISO_8859_1));
        }
    }

    @Test
    void whoIsRefusedOnTheSpotLeavesNothingBehind() throws Exception {
        assertThat(buoy.balancer().order("echo", "s1", Duty.MAINTENANCE)).isTrue();
        for (int i = 0; i < 3; i++) {
            try (Socket refused = connect("raw", leaves)) {
                assertThat(isOver(refused)).isTrue();
            }
        }
        awaitPresence(Presence.NOBODY);
    }

    private static boolean isOver(Socket socket) {
        try {
            return socket.getInputStream().read() < 0;
        } catch (IOException reset) {
            return true;
        }
    }

    @Test
    void whoAsksOnceMoreIsToldAndWhoIsIdleIsClosed() throws Exception {
        try (Socket told = web(leaves);
                Socket idle = web(leaves);
                Socket elsewhere = web(stays)) {
            for (Socket each : List.of(told, idle, elsewhere)) {
                assertThat(get(each, "/")).contains("200 OK").doesNotContain("Connection:");
            }
            departure.begin();
            assertThat(get(told, "/")).contains("200 OK").contains("Connection: close");
            assertThat(told.getInputStream().read()).isEqualTo(-1);
            assertThat(get(elsewhere, "/")).contains("200 OK").doesNotContain("Connection:");
            Await.until("one idle one is left", () -> presence().idle() == 1);

            departure.closeIdle();
            assertThat(idle.getInputStream().read()).isEqualTo(-1);
            awaitPresence(Presence.NOBODY);
            assertThat(get(elsewhere, "/")).contains("200 OK").doesNotContain("Connection:");

            try (Socket late = web(leaves)) {
                assertThat(get(late, "/")).contains("200 OK").contains("Connection: close");
            }
            departure.end();
            try (Socket after = web(leaves)) {
                assertThat(get(after, "/")).contains("200 OK").doesNotContain("Connection:");
            }
        }
    }

    @Test
    void whatIsUnderWayIsToldApart() throws Exception {
        try (Socket slow = web(leaves);
                Socket session = connect("raw", leaves)) {
            send(slow, "/slow");
            session.getOutputStream().write(42);
            assertThat(session.getInputStream().read()).isEqualTo(42);
            awaitPresence(new Presence(0, 1, 0, 1));
            departure.begin();
            departure.closeIdle();
            assertThat(presence()).as("every worker has begun").isEqualTo(new Presence(0, 1, 1, 1));
            try (Socket late = web(leaves)) {
                send(late, "/slow");
                awaitPresence(new Presence(0, 2, 1, 1));
                slowMayEnd.countDown();
                assertThat(head(slow.getInputStream())).contains("Connection: close");
                assertThat(head(late.getInputStream())).contains("Connection: close");
            }
            awaitPresence(new Presence(0, 0, 0, 1));
            session.getOutputStream().write(43);
            assertThat(session.getInputStream().read()).isEqualTo(43);
        }
    }

    @Test
    void aClientThatHasJustConnectedIsAboutToAsk() throws Exception {
        try (Socket fresh = web(leaves)) {
            Await.until("it is there", () -> presence().exchanges() == 1);
            departure.begin();
            departure.closeIdle();
            assertThat(get(fresh, "/")).contains("200 OK").contains("Connection: close");
        }
        try (Socket silent = web(leaves)) {
            Await.until("it is there", () -> presence().exchanges() == 1);
            departure.closeIdle();
            assertThat(silent.getInputStream().read()).as("not for ever").isEqualTo(-1);
        }
    }

    @Test
    void whoIsLeftWhenTheAddressMovesIsCutWithAResetAndCounted() throws Exception {
        try (Socket session = connect("raw", leaves);
                Socket slow = web(leaves);
                Socket elsewhere = web(stays)) {
            session.getOutputStream().write(42);
            assertThat(session.getInputStream().read()).isEqualTo(42);
            send(slow, "/slow");
            send(elsewhere, "/slow");
            awaitPresence(new Presence(0, 1, 0, 1));
            // A client that has only just come counts as one that asks.
            Await.until("both were asked for", () -> app.open() == 2);
            departure.cutMoved();
            assertThat(end(session)).isInstanceOf(SocketException.class);
            assertThat(head(slow.getInputStream())).startsWith("HTTP/1.1 503 ");
            awaitPresence(Presence.NOBODY);
            assertThat(buoy.listener("raw").totals().failures())
                    .containsEntry(Reason.ADDRESS_MOVED, 1L);
            assertThat(buoy.listener("web").totals().failures())
                    .containsEntry(Reason.ADDRESS_MOVED, 1L);
            slowMayEnd.countDown();
            assertThat(head(elsewhere.getInputStream())).contains("200 OK");
        }
    }

    private void awaitPresence(Presence wanted) {
        Presence[] last = {Presence.NOBODY};
        Await.until(
                () -> wanted + ", and not " + last[0],
                () -> {
                    last[0] = presence();
                    return last[0].equals(wanted);
                });
    }

    private Presence presence() {
        try {
            return departure.presence(Duration.ofSeconds(20)).orElseThrow();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private Socket web(InetAddress address) throws IOException {
        return connect("web", address);
    }

    private Socket connect(String listener, InetAddress address) throws IOException {
        int port =
                buoy.listener(listener).bound().stream()
                        .map(Endpoint.class::cast)
                        .filter(each -> each.address().equals(address))
                        .findFirst()
                        .orElseThrow()
                        .port();
        Socket socket = new Socket(address, port);
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static String get(Socket socket, String path) throws IOException {
        send(socket, path);
        return head(socket.getInputStream());
    }

    private static void send(Socket socket, String path) throws IOException {
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n").getBytes(ISO_8859_1));
    }

    /** A head without a body; empty at the end of the connection. */
    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            int octet = in.read();
            if (octet < 0) {
                return "";
            }
            head.append((char) octet);
        }
        return head.toString();
    }

    /** What reading on ends with. */
    private static Exception end(Socket socket) {
        try {
            return new IOException("read " + socket.getInputStream().read());
        } catch (IOException e) {
            return e;
        }
    }

    private static InetAddress ip(String text) {
        try {
            return InetAddress.getByName(text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
