package buoy.lb;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import buoy.config.model.Config;
import buoy.config.model.Endpoint;
import buoy.config.model.Listener;
import buoy.config.model.Location;
import buoy.config.model.UnixPath;
import buoy.lb.kit.Configs;
import buoy.lb.kit.Running;
import buoy.lb.kit.TestServer;
import buoy.lb.listen.Leaving;
import buoy.lb.listen.Listening;
import buoy.lb.listen.Places;
import buoy.lb.worker.Workers;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Listeners on unix sockets when they go, move or the process ends, and their clients. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class UnixListenersTest {
    @TempDir Path directory;

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch slowMayEnd = new CountDownLatch(1);
    private final TestServer app = TestServer.start(this::serve);

    @AfterEach
    void stop() {
        slowMayEnd.countDown();
        app.close();
    }

    private void serve(Socket socket) throws IOException {
        for (String head = head(socket.getInputStream());
                !head.isEmpty();
                head = head(socket.getInputStream())) {
            if (head.contains("/slow")) {
                asked.countDown();
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

    private Path file(String name) {
        return directory.resolve(name);
    }

    private UnixPath at(String name) {
        return new UnixPath(file(name).toString());
    }

    private Listener http(String name, Location... bind) {
        return Configs.http(name, List.of(bind), "app");
    }

    private Config config(Listener... listeners) {
        return Configs.of(List.of(listeners), List.of(Configs.pool("app", app.endpoint())));
    }

    private SocketChannel connect(String name) throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(file(name)));
    }

    private static String get(SocketChannel client, String path) throws IOException {
        send(client, path);
        return head(Channels.newInputStream(client));
    }

    private static void send(SocketChannel client, String path) throws IOException {
        client.write(
                ByteBuffer.wrap(
                        ("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n").getBytes(ISO_8859_1)));
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

    private static void assertOver(SocketChannel client) throws IOException {
        assertThat(client.read(ByteBuffer.allocate(1))).isEqualTo(-1);
    }

    @Test
    void whoIsThereAtTheEndIsAskedToGoAndWhatIsUnderWayEnds() throws Exception {
        try (Running buoy = Running.start(config(http("web", at("in.sock"))));
                SocketChannel told = connect("in.sock");
                SocketChannel idle = connect("in.sock");
                SocketChannel slow = connect("in.sock")) {
            assertThat(get(told, "/")).contains("200 OK").doesNotContain("Connection:");
            assertThat(get(idle, "/")).contains("200 OK");
            send(slow, "/slow");
            asked.await();
            Departure departure = buoy.balancer().departureOfAll();
            departure.begin();
            assertThat(departure.presence(Duration.ofSeconds(20)).orElseThrow().exchanges())
                    .isEqualTo(1);
            assertThat(get(told, "/")).contains("200 OK").contains("Connection: close");
            assertOver(told);
            try (SocketChannel late = connect("in.sock")) {
                assertThat(get(late, "/")).contains("200 OK").contains("Connection: close");
            }
            departure.closeIdle();
            assertOver(idle);
            slowMayEnd.countDown();
            assertThat(head(Channels.newInputStream(slow))).contains("Connection: close");
            assertOver(slow);
            assertThat(buoy.balancer().awaitNobody(Duration.ofSeconds(20))).isTrue();
        }
    }

    @Test
    void theyStayWhenAnAddressMoves() throws Exception {
        try (Running buoy = Running.start(config(http("web", at("in.sock"))));
                SocketChannel client = connect("in.sock")) {
            assertThat(get(client, "/")).contains("200 OK");
            Departure departure = buoy.balancer().departure(_ -> true);
            departure.begin();
            departure.closeIdle();
            departure.cutMoved();
            assertThat(get(client, "/")).contains("200 OK").doesNotContain("Connection:");
        }
    }

    @Test
    void whatIsLeftWhenTheProcessStopsIsCut() throws Exception {
        Running buoy = Running.start(config(http("web", at("in.sock"))));
        try (SocketChannel slow = connect("in.sock")) {
            send(slow, "/slow");
            asked.await();
            buoy.close();
            assertThat(head(Channels.newInputStream(slow))).startsWith("HTTP/1.1 503 ");
        }
    }

    @Test
    void aRemovedListenersClientsGo() throws Exception {
        Listener other = http("other", new Endpoint(Configs.loopback(0).address(), 0));
        try (Running buoy = Running.start(config(http("web", at("in.sock")), other));
                SocketChannel idle = connect("in.sock");
                SocketChannel slow = connect("in.sock")) {
            assertThat(get(idle, "/")).contains("200 OK");
            send(slow, "/slow");
            asked.await();
            buoy.apply(config(other));
            assertOver(idle);
            slowMayEnd.countDown();
            assertThat(head(Channels.newInputStream(slow)))
                    .contains("200 OK")
                    .contains("Connection: close");
            assertOver(slow);
        }
    }

    /** The first of them closes its socket before the second is looked at. */
    @Test
    void aPathGoesToALaterListener() throws Exception {
        try (Running buoy =
                Running.start(
                        config(http("a", at("p.sock"), at("a.sock")), http("b", at("b.sock"))))) {
            buoy.apply(config(http("a", at("a.sock")), http("b", at("b.sock"), at("p.sock"))));
            assertServes(buoy, "p.sock", "b");
            assertThat(buoy.balancer().accepting().values()).containsOnly(Optional.empty());
            assertOnlyThere("a.sock", "b.sock", "p.sock");
        }
        assertOnlyThere();
    }

    @Test
    void twoListenersChangePlaces() throws Exception {
        Config before = config(http("a", at("p.sock")), http("b", at("q.sock")));
        Config after = config(http("a", at("q.sock")), http("b", at("p.sock")));
        try (Running buoy = Running.start(before)) {
            for (int i = 0; i < 2; i++) {
                buoy.apply(after);
                assertServes(buoy, "p.sock", "b");
                assertServes(buoy, "q.sock", "a");
                buoy.apply(before);
                assertServes(buoy, "p.sock", "a");
                assertServes(buoy, "q.sock", "b");
            }
            assertOnlyThere("p.sock", "q.sock");
        }
    }

    private void assertServes(Running buoy, String name, String listener) throws IOException {
        long before = buoy.listener(listener).totals().finished();
        try (SocketChannel client = connect(name)) {
            assertThat(get(client, "/")).contains("200 OK");
        }
        assertThat(buoy.listener(listener).totals().finished()).isEqualTo(before + 1);
    }

    private void assertOnlyThere(String... names) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.map(each -> each.getFileName().toString()))
                    .containsExactlyInAnyOrder(names);
        }
    }

    @Test
    void whatDoesNotAppearIsNotBound() throws Exception {
        Workers workers = Workers.start(config().process());
        try {
            Listening listening =
                    new Listening(
                            "web",
                            workers.count(),
                            10,
                            new Places(10),
                            new Leaving(),
                            (buoy.lb.listen.ConnectionFront)
                                    (_, _, _, _, _) -> {
                                        throw new AssertionError("nobody finds it");
                                    },
                            Optional.empty(),
                            Listener.Admission.ANY);
            Sockets sockets =
                    Sockets.bind(workers, listening, at("in.sock"), false, Inherited.nothing());
            try (Stream<Path> files = Files.list(directory)) {
                Files.delete(files.findFirst().orElseThrow());
            }
            assertThatThrownBy(sockets::appear)
                    .isInstanceOfSatisfying(
                            BindFailed.class,
                            failed ->
                                    assertThat(failed.problems())
                                            .singleElement()
                                            .asString()
                                            .startsWith("listeners.web.bind: " + at("in.sock")));
            sockets.close();
        } finally {
            workers.close(Duration.ofSeconds(5));
        }
    }

    @Test
    void aFifoIsSomebodys() throws Exception {
        assertThat(new ProcessBuilder("mkfifo", file("fifo").toString()).start().waitFor())
                .isZero();
        assertThatThrownBy(() -> Running.start(config(http("web", at("fifo")))))
                .isInstanceOfSatisfying(
                        BindFailed.class,
                        failed ->
                                assertThat(failed.problems())
                                        .singleElement()
                                        .asString()
                                        .contains("is there and no socket"));
        assertThat(file("fifo")).exists();
    }
}
