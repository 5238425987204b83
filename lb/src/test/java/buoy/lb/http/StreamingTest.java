package buoy.lb.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Listener.Action;
import buoy.config.model.Listener.Conditions;
import buoy.config.model.Listener.Match;
import buoy.config.model.Listener.PathMatch;
import buoy.lb.pool.Reason;
import io.netty.buffer.PooledByteBufAllocator;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Large bodies, WebSockets, routes, and curl as a client that is not ours. */
class StreamingTest {
    private static final int BLOCKS = 400;
    private static final String BLOCK = "0123456789abcdef".repeat(8192);

    @Test
    void aSlowReaderSlowsTheServerDown() throws Exception {
        AtomicLong written = new AtomicLong();
        try (Origin origin =
                        new Origin(
                                talk -> {
                                    talk.head();
                                    talk.write(
                                            "HTTP/1.1 200 OK\r\nContent-Length: "
                                                    + (long) BLOCK.length() * BLOCKS
                                                    + "\r\n\r\n");
                                    for (int i = 0; i < BLOCKS; i++) {
                                        talk.write(BLOCK);
                                        written.addAndGet(BLOCK.length());
                                    }
                                    talk.ended();
                                });
                Proxy proxy = Proxy.to(origin.port()).start();
                Caller caller = proxy.call()) {
            caller.socket.setReceiveBufferSize(64 * 1024);
            caller.get("/").head();
            // The server comes to a halt although 50 MB are asked for.
            long before = -1;
            for (int still = 0; still < 5; ) {
                long now = written.get();
                still = now == before ? still + 1 : 0;
                before = now;
                TimeUnit.MILLISECONDS.sleep(100);
            }
            assertThat(written.get()).isLessThan((long) BLOCK.length() * BLOCKS / 2);
            assertThat(
                            ((PooledByteBufAllocator) proxy.workers.get(0).allocator())
                                    .metric()
                                    .usedDirectMemory())
                    .isLessThan(16 << 20);
            for (int i = 0; i < BLOCKS; i++) {
                assertThat(caller.read(BLOCK.length())).isEqualTo(BLOCK);
            }
        }
    }

    /** They have no flow control of their own, in HTTP/2 either. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void endlessInterimResponsesWaitForASlowReader(boolean http2) throws Exception {
        AtomicLong written = new AtomicLong();
        String interim = "HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n";
        String some = interim.repeat(1000);
        try (Origin origin =
                new Origin(
                        talk -> {
                            talk.head();
                            while (written.addAndGet(some.length()) < 500_000_000) {
                                talk.write(some);
                            }
                        })) {
            Proxy.Setup setup = Proxy.to(origin.port());
            setup.response = Duration.ofSeconds(2);
            setup.body = Duration.ofSeconds(1);
            try (Proxy proxy = setup.start()) {
                try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port)) {
                    if (http2) {
                        new StreamsCaller(socket).get(1, "/");
                    } else {
                        String request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
                        socket.getOutputStream().write(request.getBytes(ISO_8859_1));
                    }
                    // The server is the one who goes on until the client's side is full.
                    Proxy.eventually(
                            () ->
                                    proxy.failed(Reason.RESPONSE_TIMEOUT)
                                                    + proxy.failed(Reason.CLIENT_STALLED)
                                            == 1,
                            "ended");
                }
                assertThat(written.get()).isLessThan(100_000_000);
                assertThat(
                                ((PooledByteBufAllocator) proxy.workers.get(0).allocator())
                                        .metric()
                                        .usedDirectMemory())
                        .isLessThan(32 << 20);
                Proxy.eventually(() -> proxy.listening.connected() == 0, "gone");
            }
        }
    }

    /** RFC 9113 5.2.1: heads have no window. */
    @Test
    void headsComeToWhoTakesNoContentYet() throws Exception {
        try (Origin origin =
                        new Origin(
                                talk -> {
                                    talk.head();
                                    talk.send("HTTP/1.1 103 Early Hints\nLink: </a>\n\n");
                                    // In two reads, more likely than not.
                                    talk.send("HTTP/1.1 200 OK\nContent-");
                                    talk.send("Length: 2\n\nok");
                                });
                Proxy proxy = Proxy.to(origin.port()).start();
                StreamsCaller caller =
                        new StreamsCaller(proxy.port, StreamsCaller.INITIAL_WINDOW_SIZE, 0)) {
            caller.get(1, "/");
            assertThat(caller.next(StreamsCaller.HEADERS).fields()).startsWith(":status: 103");
            assertThat(caller.next(StreamsCaller.HEADERS).fields()).startsWith(":status: 200");
            caller.window(1, 10);
            assertThat(caller.next(StreamsCaller.DATA).text()).isEqualTo("ok");
        }
    }

    @Test
    void aSlowServerSlowsTheClientDown() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (Origin origin =
                        new Origin(
                                talk -> {
                                    talk.socket.setReceiveBufferSize(64 * 1024);
                                    talk.head();
                                    try {
                                        go.await();
                                    } catch (InterruptedException e) {
                                        throw new java.io.IOException(e);
                                    }
                                    for (int i = 0; i < BLOCKS; i++) {
                                        if (!talk.read(BLOCK.length()).equals(BLOCK)) {
                                            return;
                                        }
                                    }
                                    talk.ok("all of it");
                                    talk.ended();
                                });
                Proxy proxy = Proxy.to(origin.port()).start();
                Caller caller = proxy.call()) {
            AtomicLong written = new AtomicLong();
            caller.send(
                    "POST / HTTP/1.1\nHost: a\nContent-Length: "
                            + (long) BLOCK.length() * BLOCKS
                            + "\n\n");
            Thread sender =
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        try {
                                            for (int i = 0; i < BLOCKS; i++) {
                                                caller.raw(BLOCK);
                                                written.addAndGet(BLOCK.length());
                                            }
                                        } catch (java.io.IOException _) {
                                            // the count below shows how far it came
                                        }
                                    });
            long before = -1;
            for (int still = 0; still < 5; ) {
                long now = written.get();
                still = now == before ? still + 1 : 0;
                before = now;
                TimeUnit.MILLISECONDS.sleep(100);
            }
            assertThat(written.get()).isLessThan((long) BLOCK.length() * BLOCKS / 2);
            go.countDown();
            assertThat(caller.response()).endsWith("all of it");
            sender.join();
        }
    }

    static final String HANDSHAKE =
            """
            GET /chat HTTP/1.1
            Host: a
            Connection: Upgrade
            Upgrade: websocket
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
            Sec-WebSocket-Version: 13

            """;

    static final String SWITCHING =
            """
            HTTP/1.1 101 Switching Protocols
            Upgrade: websocket
            Connection: Upgrade
            Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=

            """;

    @Test
    void rule27AWebSocketIsAnOpaqueRelay() throws Exception {
        try (Origin origin =
                        new Origin(
                                talk -> {
                                    talk.head();
                                    talk.send(SWITCHING + "greeting");
                                    talk.write(talk.read(8));
                                    talk.write(talk.read(4));
                                    talk.ended();
                                });
                Proxy proxy = Proxy.to(origin.port()).start();
                Caller caller = proxy.call()) {
            // Bytes sent before the 101 wait until it has come.
            caller.send(HANDSHAKE).raw("\u0081early\0\n");
            assertThat(caller.head())
                    .startsWith("HTTP/1.1 101 Switching Protocols\n")
                    .contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\n")
                    .contains("Connection: Upgrade\nUpgrade: websocket\n");
            assertThat(caller.read(8)).isEqualTo("greeting");
            assertThat(caller.read(8)).isEqualTo("\u0081early\0\n");
            assertThat(caller.raw("more").read(4)).isEqualTo("more");
            caller.hangUp();
            Proxy.eventually(() -> proxy.server("app").active() == 0, "ended");
            assertThat(origin.received()).endsWith("Connection: Upgrade\nUpgrade: websocket\n\n");
        }
    }

    /** Who has said its end may hear the rest. */
    @Test
    void rule27ATunnelEndsInEachDirectionOnItsOwn() throws Exception {
        try (Origin origin =
                        new Origin(
                                talk -> {
                                    talk.head();
                                    talk.send(SWITCHING);
                                    talk.read(4);
                                    talk.ended();
                                    talk.write("the rest");
                                });
                Proxy proxy = Proxy.to(origin.port()).start();
                Caller caller = proxy.call()) {
            caller.send(HANDSHAKE);
            assertThat(caller.head()).startsWith("HTTP/1.1 101 Switching Protocols\n");
            caller.raw("last").shutdownOutput();
            assertThat(caller.rest()).isEqualTo("the rest");
            Proxy.eventually(() -> proxy.server("app").active() == 0, "ended");
        }
    }

    @Test
    void rule26ARefusedUpgradeIsAnOrdinaryAnswer() throws Exception {
        try (Origin origin = Origin.answering("not here");
                Proxy proxy = Proxy.to(origin.port()).start();
                Caller caller = proxy.call()) {
            assertThat(caller.send(HANDSHAKE).response()).endsWith("not here");
            assertThat(caller.get("/").response()).endsWith("not here");
        }
    }

    @Test
    void aSilentTunnelEnds() throws Exception {
        try (Origin origin =
                new Origin(
                        talk -> {
                            talk.head();
                            talk.send(SWITCHING);
                            talk.ended();
                        })) {
            Proxy.Setup setup = Proxy.to(origin.port());
            setup.tunnel = Duration.ofMillis(300);
            try (Proxy proxy = setup.start();
                    Caller caller = proxy.call()) {
                caller.send(HANDSHAKE).head();
                caller.end();
                Proxy.eventually(() -> proxy.failed(Reason.TUNNEL_TIMEOUT) == 1, "counted");
            }
        }
    }

    private static Match host(String name) {
        return new Match(Optional.of(name), Optional.empty(), Conditions.NONE);
    }

    @Test
    void routesChooseThePool() throws Exception {
        try (Origin one = Origin.answering("one");
                Origin two = Origin.answering("two");
                Proxy proxy =
                        new Proxy.Setup()
                                .pool("one", one.port())
                                .pool("two", two.port())
                                .route(host("plain.example"), new Action.RedirectToHttps())
                                .route(
                                        new Match(
                                                Optional.empty(),
                                                Optional.of(new PathMatch.Prefix("/api")),
                                                Conditions.NONE),
                                        new Action.ToPool("one"))
                                .route(host("b.example"), new Action.ToPool("two"))
                                .start();
                Caller caller = proxy.call()) {
            assertThat(caller.get("/api/x").response()).endsWith("one");
            assertThat(caller.send("GET / HTTP/1.1\nHost: B.example:80\n\n").response())
                    .endsWith("two");
            assertThat(caller.get("/").response())
                    .startsWith("HTTP/1.1 404 ")
                    .endsWith("404 no-route\n");
            assertThat(caller.send("GET /x?y HTTP/1.1\nHost: plain.example:80\n\n").response())
                    .startsWith("HTTP/1.1 308 ")
                    .contains("\nLocation: https://plain.example/x?y\n");
            assertThat(caller.get("/x%2f..%2fapi").response())
                    .startsWith("HTTP/1.1 400 ")
                    .contains("ambiguous-path");
        }
    }

    @Test
    void curlGetsAndPosts() throws Exception {
        try (Origin origin =
                        new Origin(
                                talk -> {
                                    for (String head = talk.head();
                                            !head.isEmpty();
                                            head = talk.head()) {
                                        int at = head.indexOf("Content-Length: ");
                                        int length =
                                                at < 0
                                                        ? 0
                                                        : Integer.parseInt(
                                                                head.substring(
                                                                        at + 16,
                                                                        head.indexOf('\n', at)));
                                        if (head.contains("Expect: 100-continue")) {
                                            talk.write("HTTP/1.1 100 Continue\r\n\r\n");
                                        }
                                        talk.ok(talk.read(length).length() + " bytes");
                                    }
                                });
                Proxy proxy = Proxy.to(origin.port()).start()) {
            String url = "http://127.0.0.1:" + proxy.port + "/";
            Process curl =
                    new ProcessBuilder(
                                    "curl",
                                    "-sS",
                                    url,
                                    "--next",
                                    "-sS",
                                    "--data-binary",
                                    "@"
                                            + java.nio.file.Path.of(
                                                    System.getProperty("java.home"), "release"),
                                    "-H",
                                    "Expect: 100-continue",
                                    url)
                            .redirectErrorStream(true)
                            .start();
            String out =
                    new String(
                            curl.getInputStream().readAllBytes(),
                            java.nio.charset.StandardCharsets.UTF_8);
            assertThat(curl.waitFor()).as(out).isZero();
            long size =
                    java.nio.file.Files.size(
                            java.nio.file.Path.of(System.getProperty("java.home"), "release"));
            assertThat(out).isEqualTo("0 bytes" + size + " bytes");
        }
    }
}
