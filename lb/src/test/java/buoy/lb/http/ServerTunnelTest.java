package buoy.lb.http;

import static buoy.lb.http.StreamsCaller.DATA;
import static buoy.lb.http.StreamsCaller.GOAWAY;
import static buoy.lb.http.StreamsCaller.HEADERS;
import static buoy.lb.http.StreamsCaller.RST_STREAM;
import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Certificate;
import buoy.config.model.Pool.Protocol;
import buoy.lb.http.StreamsCaller.Answer;
import buoy.lb.http.StreamsCaller.Frame;
import buoy.lb.kit.Authority;
import buoy.lb.kit.Leaks;
import buoy.lb.pool.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** WebSockets on streams of the servers' connections (RFC 8441). */
class ServerTunnelTest {
    private static final int ENABLE_CONNECT_PROTOCOL = 8;
    private static final int INITIAL_WINDOW_SIZE = StreamsCaller.INITIAL_WINDOW_SIZE;

    private static final int CANCEL = 8;

    private static final String CONNECT =
            """
                                            :method: CONNECT
                                            :protocol: websocket
                                            :scheme: http
                                            :path: /ws?a
                                            :authority: a.example
                                            sec-websocket-version: 13""";

    @BeforeAll
    static void watch() {
        Leaks.watch();
    }

    @AfterAll
    static void nothingLeaked() {
        Leaks.assertNone();
    }

    private static Proxy.Setup to(StreamsOrigin origin) {
        Proxy.Setup setup = Proxy.to(origin.port());
        setup.protocol = Protocol.H2C;
        return setup;
    }

    private static boolean connects(Frame frame) {
        return frame.type() == HEADERS && frame.fields().startsWith(":method: CONNECT\n");
    }

    /** Agrees to every WebSocket, and answers all else with 204. */
    private static StreamsOrigin agreeing(StreamsOrigin.Script then) throws IOException {
        return new StreamsOrigin(
                (talk, frame) -> {
                    if (connects(frame)) {
                        talk.headers(
                                frame.stream(),
                                false,
                                ":status: 200\nsec-websocket-protocol: chat");
                    } else if (frame.type() == HEADERS) {
                        talk.headers(frame.stream(), true, ":status: 204");
                    }
                    then.frame(talk, frame);
                },
                ENABLE_CONNECT_PROTOCOL,
                1);
    }

    /** Says everything back, and ends when its client does. */
    private static void echo(StreamsCaller talk, Frame frame) throws IOException {
        if (frame.type() == DATA) {
            talk.data(frame.stream(), frame.ends(), frame.text());
        }
    }

    private static void allGivenBack(Proxy proxy) throws InterruptedException {
        Proxy.eventually(() -> proxy.server("app").active() == 0, "given back");
    }

    @Test
    void anUpgradeBecomesAnExtendedConnect() throws Exception {
        try (StreamsOrigin origin = agreeing(ServerTunnelTest::echo);
                Proxy proxy = to(origin).start();
                Caller caller = proxy.call()) {
            caller.send(StreamingTest.HANDSHAKE.replace("\n\n", "\nContent-Length: 0\n\n"))
                    .raw("early");

            assertThat(caller.head())
                    .startsWith("HTTP/1.1 101 \n")
                    .contains("sec-websocket-protocol: chat\n")
                    .contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\n")
                    .contains("Connection: Upgrade\nUpgrade: websocket\n");
            assertThat(caller.read(5)).isEqualTo("early");
            assertThat(caller.raw("more").read(4)).isEqualTo("more");
            Frame head = origin.received(HEADERS);
            assertThat(head.ends()).isFalse();
            assertThat(head.fields())
                    .startsWith(
                            """
                            :method: CONNECT
                            :protocol: websocket
                            :scheme: http
                            :path: /chat
                            :authority: a
                            """)
                    .contains("sec-websocket-version: 13\n", "via: 1.1 buoy\n")
                    .doesNotContain("sec-websocket-key", "\nupgrade", "\nconnection", "\nhost")
                    .doesNotContain("content-length");
            caller.shutdownOutput();
            assertThat(caller.rest()).isEmpty();
            allGivenBack(proxy);
            assertThat(proxy.listening.totals().failures()).isEmpty();
            assertThat(proxy.listening.totals().finished()).isOne();
        }
    }

    @Test
    void aWebSocketRunsOnAStreamAtBothEnds() throws Exception {
        try (StreamsOrigin origin = agreeing(ServerTunnelTest::echo);
                Proxy proxy = to(origin).start();
                StreamsCaller caller = new StreamsCaller(proxy.port)) {
            caller.headers(1, false, CONNECT).data(1, false, "early");
            Frame head = caller.next(HEADERS);
            assertThat(head.fields()).isEqualTo(":status: 200\nsec-websocket-protocol: chat\n");
            assertThat(head.ends()).isFalse();
            assertThat(caller.next(DATA).text()).isEqualTo("early");
            caller.data(1, false, "x".repeat(5000));
            assertThat(caller.next(DATA).text()).isEqualTo("x".repeat(5000));
            assertThat(origin.received(HEADERS).fields())
                    .startsWith(":method: CONNECT\n:protocol: websocket\n")
                    .contains(":path: /ws?a\n:authority: a.example\n")
                    .doesNotContain("sec-websocket-key");
            caller.data(1, true, "last");
            Answer rest = caller.answer(1);
            assertThat(rest.content).hasToString("last");
            assertThat(rest.ended).isTrue();
            allGivenBack(proxy);
            assertThat(proxy.listening.totals().failures()).isEmpty();
        }
    }

    /** RFC 8441 5: the end of a stream is that of what its sender says. */
    @Test
    void theServerMayEndFirstAndStillListen() throws Exception {
        try (StreamsOrigin origin =
                        agreeing(
                                (talk, frame) -> {
                                    if (connects(frame)) {
                                        talk.data(frame.stream(), true, "bye");
                                    }
                                });
                Proxy proxy = to(origin).start();
                StreamsCaller streams = new StreamsCaller(proxy.port);
                Caller caller = proxy.call()) {
            assertThat(streams.headers(1, false, CONNECT).answer(1).content).hasToString("bye");
            streams.data(1, true, "still here");
            assertThat(origin.received(DATA).text()).isEqualTo("still here");

            caller.send(StreamingTest.HANDSHAKE).head();
            assertThat(caller.rest()).isEqualTo("bye");
            caller.raw("so am I");
            assertThat(nonEmpty(origin)).isEqualTo("so am I");
            caller.shutdownOutput();
            allGivenBack(proxy);
            assertThat(proxy.listening.totals().failures()).isEmpty();
        }
    }

    /** What a client that opens no window can be sent for. */
    private static final int MUCH = 128 * 1024 - 1;

    /** Says much, ends, and hears no more, as servers do whose handler has returned. */
    private static void leaves(StreamsCaller talk, Frame frame) throws IOException {
        if (connects(frame)) {
            for (int sent = 0; sent < MUCH; sent += 16_000) {
                int n = Math.min(16_000, MUCH - sent);
                talk.data(frame.stream(), sent + n == MUCH, "z".repeat(n));
            }
            talk.frame(RST_STREAM, 0, frame.stream(), new byte[4]);
        }
    }

    /** RFC 9113 8.1: that is no failure, and takes nothing from what the client is still to get. */
    @Test
    void theServerMayEndAndHearNoMore() throws Exception {
        try (StreamsOrigin origin = agreeing(ServerTunnelTest::leaves);
                Proxy proxy = to(origin).start();
                StreamsCaller streams = new StreamsCaller(proxy.port, INITIAL_WINDOW_SIZE, 0);
                Caller caller = proxy.call()) {
            streams.headers(1, false, CONNECT).next(HEADERS);
            Proxy.eventually(() -> proxy.listening.totals().bytesToClient() >= MUCH, "all came");
            // Of the same connection: behind it the end of the stream has come.
            assertThat(caller.get("/").head()).startsWith("HTTP/1.1 204 ");
            streams.data(1, false, "not heard").window(1, MUCH).window(0, MUCH);
            Answer answer = streams.answer(1);
            assertThat(answer.content).hasToString("z".repeat(MUCH));
            assertThat(answer.ended).isTrue();
            assertThat(streams.next(RST_STREAM).code()).isZero();

            caller.send(StreamingTest.HANDSHAKE).head();
            assertThat(caller.raw("not heard").read(MUCH)).isEqualTo("z".repeat(MUCH));
            assertThat(caller.raw("nor this").rest()).isEmpty();
            allGivenBack(proxy);
            assertThat(proxy.listening.totals().failures()).isEmpty();
            assertThat(origin.connections()).isOne();
        }
    }

    /** Of a client that takes its time: nothing it sends meanwhile resets its connection. */
    @Test
    void whatASlowClientIsToGetOutlivesItsServer() throws Exception {
        try (StreamsOrigin origin = agreeing(ServerTunnelTest::leaves);
                Proxy proxy = to(origin).start();
                Caller caller = proxy.call()) {
            caller.socket.setReceiveBufferSize(4096);
            caller.send(StreamingTest.HANDSHAKE).head();
            Proxy.eventually(() -> proxy.listening.totals().bytesToClient() >= MUCH, "all came");
            try (Caller other = proxy.call()) {
                // Of the same connection: behind it the end of the stream has come.
                assertThat(other.get("/").head()).startsWith("HTTP/1.1 204 ");
            }
            caller.raw("x".repeat(1000));
            assertThat(caller.rest()).isEqualTo("z".repeat(MUCH));
            caller.shutdownOutput();
            Proxy.eventually(() -> proxy.listening.connected() == 0, "the client is gone");
            assertThat(proxy.listening.totals().failures()).isEmpty();
        }
    }

    private static String nonEmpty(StreamsOrigin origin) throws InterruptedException {
        Frame frame = origin.received(DATA);
        while (frame.payload().length == 0) {
            frame = origin.received(DATA);
        }
        return frame.text();
    }

    /** TLS has no half-close that its peers expect: with close_notify a client goes. */
    @Test
    void aClientWithinTlsEndsWhenItSaysSo(@TempDir Path directory) throws Exception {
        Authority ca = new Authority(directory);
        Certificate site = ca.pair("site", "DNS:site.example");
        try (StreamsOrigin origin = agreeing(ServerTunnelTest::echo)) {
            Proxy.Setup setup = to(origin);
            setup.tls = Optional.of(Authority.listener(site, "http/1.1"));
            try (Proxy proxy = setup.start()) {
                Process client =
                        new ProcessBuilder(
                                        "openssl",
                                        "s_client",
                                        "-quiet",
                                        "-no_ign_eof",
                                        "-connect",
                                        "127.0.0.1:" + proxy.port)
                                .redirectErrorStream(true)
                                .start();
                client.getOutputStream()
                        .write(
                                (StreamingTest.HANDSHAKE.replace("\n", "\r\n") + "hello")
                                        .getBytes(StandardCharsets.US_ASCII));
                client.getOutputStream().flush();
                assertThat(origin.received(DATA).text()).isEqualTo("hello");
                client.getOutputStream().close();
                assertThat(origin.received(DATA).ends()).isTrue();
                assertThat(client.waitFor()).isZero();
                allGivenBack(proxy);
                assertThat(proxy.listening.totals().failures()).isEmpty();
            }
        }
    }

    /** What such a client has said may wait for room that the server never gives. */
    @Test
    void whatTheServerHasNotTakenIsGivenUpAtTheEnd(@TempDir Path directory) throws Exception {
        Authority ca = new Authority(directory);
        Certificate site = ca.pair("site", "DNS:site.example");
        CompletableFuture<StreamsCaller> server = new CompletableFuture<>();
        try (StreamsOrigin origin =
                new StreamsOrigin(
                        (talk, frame) -> {
                            if (connects(frame)) {
                                talk.headers(frame.stream(), false, ":status: 200");
                                server.complete(talk);
                            } else if (frame.type() == HEADERS) {
                                talk.headers(frame.stream(), true, ":status: 204");
                            }
                        },
                        ENABLE_CONNECT_PROTOCOL,
                        1,
                        INITIAL_WINDOW_SIZE,
                        10)) {
            Proxy.Setup setup = to(origin);
            setup.tls = Optional.of(Authority.listener(site, "http/1.1"));
            try (Proxy proxy = setup.start();
                    SSLSocket client = ca.client(proxy.call().socket, "site.example")) {
                said(client, StreamingTest.HANDSHAKE.replace("\n", "\r\n") + "x".repeat(100));
                int stream = origin.received(DATA).stream();
                client.shutdownOutput();
                // Until the other has its answer the proxy has read what the first has said.
                try (SSLSocket other = ca.client(proxy.call().socket, "site.example")) {
                    said(other, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
                    assertThat(other.getInputStream().read()).isEqualTo('H');
                }
                server.get().data(stream, true, "");
                Frame reset = origin.received(RST_STREAM);
                assertThat(reset.stream()).isEqualTo(stream);
                assertThat(reset.code()).isEqualTo(CANCEL);
                allGivenBack(proxy);
            }
        }
    }

    private static void said(SSLSocket by, String text) throws IOException {
        by.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void aServerThatDoesNotSayThatItTakesThemGetsNone() throws Exception {
        try (StreamsOrigin origin = StreamsOrigin.answering("");
                Proxy proxy = to(origin).start();
                Caller caller = proxy.call();
                StreamsCaller streams = new StreamsCaller(proxy.port)) {
            caller.send(StreamingTest.HANDSHAKE);
            assertThat(caller.response()).endsWith("502 websocket-needs-http1\n");
            assertThat(streams.headers(1, false, CONNECT).answer(1).content)
                    .hasToString("502 websocket-needs-http1\n");
            assertThat(origin.receivedNothing()).isTrue();
            assertThat(proxy.failed(Reason.WEBSOCKET_NEEDS_HTTP1)).isEqualTo(2);
        }
    }

    @Test
    void aRefusalIsAnOrdinaryAnswer() throws Exception {
        try (StreamsOrigin origin =
                        new StreamsOrigin(
                                (talk, frame) -> {
                                    if (frame.type() == HEADERS) {
                                        talk.headers(frame.stream(), false, ":status: 403");
                                        talk.data(frame.stream(), true, "no");
                                    }
                                },
                                ENABLE_CONNECT_PROTOCOL,
                                1);
                Proxy proxy = to(origin).start();
                Caller caller = proxy.call();
                StreamsCaller streams = new StreamsCaller(proxy.port)) {
            assertThat(caller.send(StreamingTest.HANDSHAKE).head()).startsWith("HTTP/1.1 403 ");
            assertThat(caller.read(12)).isEqualTo("2\r\nno\r\n0\r\n\r\n");
            assertThat(caller.get("/").head()).startsWith("HTTP/1.1 403 ");
            Answer answer = streams.headers(1, false, CONNECT).answer(1);
            assertThat(answer.status()).isEqualTo("403");
            assertThat(answer.content).hasToString("no");
            allGivenBack(proxy);
            assertThat(origin.connections()).isOne();
        }
    }

    /** What a server must not send with such an answer counts for nothing, or is none. */
    @Test
    void whatDoesNotBelongToTheAnswerIsLeftOut() throws Exception {
        try (StreamsOrigin origin =
                        new StreamsOrigin(
                                (talk, frame) -> {
                                    if (connects(frame)) {
                                        talk.headers(
                                                frame.stream(),
                                                false,
                                                ":status: 200\ncontent-length: 3\nsec-websocket-accept: made-up");
                                        talk.data(frame.stream(), false, "longer than that");
                                    }
                                },
                                ENABLE_CONNECT_PROTOCOL,
                                1);
                Proxy proxy = to(origin).start();
                Caller caller = proxy.call()) {
            String head = caller.send(StreamingTest.HANDSHAKE).head();
            assertThat(head)
                    .startsWith("HTTP/1.1 101 ")
                    .contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\n")
                    .doesNotContain("made-up", "content-length");
            assertThat(caller.read(16)).isEqualTo("longer than that");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reset", "fields"})
    void whatEndsOneEndsNoOther(String how) throws Exception {
        try (StreamsOrigin origin =
                        agreeing(
                                (talk, frame) -> {
                                    if (frame.type() != DATA) {
                                        return;
                                    }
                                    if (!frame.text().equals("end me")) {
                                        echo(talk, frame);
                                    } else if (how.equals("reset")) {
                                        talk.reset(frame.stream());
                                    } else {
                                        talk.headers(frame.stream(), true, "x-more: 1");
                                    }
                                });
                Proxy proxy = to(origin).start();
                Caller ended = proxy.call();
                Caller other = proxy.call();
                StreamsCaller streams = new StreamsCaller(proxy.port)) {
            ended.send(StreamingTest.HANDSHAKE).head();
            other.send(StreamingTest.HANDSHAKE).head();
            streams.headers(1, false, CONNECT).next(HEADERS);

            ended.raw("end me");
            assertThat(ended.end()).isEqualTo("reset");
            streams.data(1, false, "end me");
            assertThat(streams.next(RST_STREAM).stream()).isOne();
            assertThat(other.raw("alive").read(5)).isEqualTo("alive");
            assertThat(proxy.call().get("/").head()).startsWith("HTTP/1.1 204 ");
            assertThat(origin.connections()).isOne();
            assertThat(
                            proxy.failed(
                                    how.equals("reset")
                                            ? Reason.SERVER_RESET
                                            : Reason.BAD_RESPONSE))
                    .isEqualTo(2);
            Proxy.eventually(() -> proxy.server("app").active() == 1, "the other one's");
        }
    }

    @Test
    void whoLeavesCancelsTheStream() throws Exception {
        try (StreamsOrigin origin = agreeing(ServerTunnelTest::echo);
                Proxy proxy = to(origin).start();
                StreamsCaller streams = new StreamsCaller(proxy.port);
                Caller caller = proxy.call()) {
            streams.headers(1, false, CONNECT).next(HEADERS);
            streams.reset(1);
            assertThat(origin.received(RST_STREAM).code()).isEqualTo(CANCEL);

            caller.send(StreamingTest.HANDSHAKE).head();
            caller.socket.setSoLinger(true, 0);
            caller.hangUp();
            assertThat(origin.received(RST_STREAM).code()).isEqualTo(CANCEL);
            allGivenBack(proxy);
            assertThat(proxy.failed(Reason.CLIENT_RESET)).isEqualTo(2);
        }
    }

    @Test
    void aServerThatTakesNoMoreHoldsUpItsClient() throws Exception {
        try (StreamsOrigin origin =
                        new StreamsOrigin(
                                (talk, frame) -> {
                                    if (connects(frame)) {
                                        talk.headers(frame.stream(), false, ":status: 200");
                                    }
                                },
                                ENABLE_CONNECT_PROTOCOL,
                                1,
                                INITIAL_WINDOW_SIZE,
                                1000);
                Proxy proxy = to(origin).start();
                Caller caller = proxy.call()) {
            caller.send(StreamingTest.HANDSHAKE).head();
            caller.socket.setSendBufferSize(64 * 1024);
            AtomicLong written = new AtomicLong();
            int most = 64 << 20;
            Thread sender =
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        try {
                                            while (written.get() < most) {
                                                caller.raw("x".repeat(16 * 1024));
                                                written.addAndGet(16 * 1024);
                                            }
                                        } catch (IOException _) {
                                            // the test is over
                                        }
                                    });
            assertThat(origin.received(DATA).payload()).hasSize(1000);
            stands(written::get);
            assertThat(written.get()).isLessThan(most / 4);
            caller.hangUp();
            sender.join();
        }
    }

    /** The client's windows are as they begin: 64 KiB. */
    @Test
    void aClientThatTakesNoMoreHoldsUpItsServerAlone() throws Exception {
        try (StreamsOrigin origin =
                        agreeing(
                                (talk, frame) -> {
                                    if (frame.type() == DATA && frame.text().equals("all")) {
                                        // As much as the stream's window is.
                                        for (int i = 0; i < 8; i++) {
                                            talk.data(frame.stream(), false, "y".repeat(16 * 1024));
                                        }
                                    } else {
                                        echo(talk, frame);
                                    }
                                });
                Proxy proxy = to(origin).start();
                StreamsCaller stalled = new StreamsCaller(proxy.port);
                Caller other = proxy.call()) {
            other.send(StreamingTest.HANDSHAKE).head();
            stalled.headers(1, false, CONNECT).next(HEADERS);
            stalled.data(1, false, "all");
            Proxy.eventually(
                    () -> proxy.listening.totals().bytesToClient() > 128 * 1024, "all has come");
            assertThat(other.raw("alive").read(5)).isEqualTo("alive");
            assertThat(origin.connections()).isOne();
        }
    }

    /** A server that does so may read nothing else of the connection. */
    @Test
    void nobodyComesToAConnectionWithOneThatIsHeldUp() throws Exception {
        CompletableFuture<StreamsCaller> heldUp = new CompletableFuture<>();
        try (StreamsOrigin origin =
                        new StreamsOrigin(
                                (talk, frame) -> {
                                    if (connects(frame)) {
                                        talk.headers(frame.stream(), false, ":status: 200");
                                        heldUp.complete(talk);
                                    } else if (frame.type() == DATA && frame.ends()) {
                                        talk.data(frame.stream(), true, "");
                                    } else if (frame.type() == HEADERS) {
                                        talk.headers(frame.stream(), true, ":status: 204");
                                    }
                                },
                                ENABLE_CONNECT_PROTOCOL,
                                1,
                                INITIAL_WINDOW_SIZE,
                                1000);
                Proxy proxy = to(origin).start();
                Caller full = proxy.call();
                Caller other = proxy.call()) {
            full.send(StreamingTest.HANDSHAKE).head();
            full.raw("x".repeat(2000));
            Frame some = origin.received(DATA);
            assertThat(some.payload()).hasSize(1000);
            assertThat(other.get("/").head()).startsWith("HTTP/1.1 204 ");
            assertThat(origin.connections()).isEqualTo(2);
            full.hangUp();
            heldUp.join().window(some.stream(), 2000);
            allGivenBack(proxy);
        }
    }

    private static void stands(LongSupplier count) throws InterruptedException {
        AtomicLong before = new AtomicLong(-1);
        AtomicLong since = new AtomicLong();
        Proxy.eventually(
                () -> {
                    long now = count.getAsLong();
                    if (now != before.getAndSet(now)) {
                        since.set(System.nanoTime());
                    }
                    return System.nanoTime() - since.get() > Duration.ofMillis(300).toNanos();
                },
                "no more is taken");
    }

    @Test
    void aSilentTunnelEnds() throws Exception {
        try (StreamsOrigin origin = agreeing(ServerTunnelTest::echo)) {
            Proxy.Setup setup = to(origin);
            setup.tunnel = Duration.ofMillis(300);
            try (Proxy proxy = setup.start();
                    Caller caller = proxy.call();
                    StreamsCaller streams = new StreamsCaller(proxy.port)) {
                caller.send(StreamingTest.HANDSHAKE).head();
                streams.headers(1, false, CONNECT).next(HEADERS);
                assertThat(caller.end()).isEqualTo("reset");
                assertThat(streams.next(RST_STREAM).stream()).isOne();
                assertThat(origin.received(RST_STREAM).code()).isEqualTo(CANCEL);
                assertThat(origin.received(RST_STREAM).code()).isEqualTo(CANCEL);
                assertThat(proxy.failed(Reason.TUNNEL_TIMEOUT)).isEqualTo(2);
            }
        }
    }

    /** A session goes on, whoever asks its connection to end, until it is cut. */
    @Test
    void itOutlivesDrainAndGoawayButNotACut() throws Exception {
        try (StreamsOrigin origin =
                        agreeing(
                                (talk, frame) -> {
                                    if (frame.type() == DATA && frame.text().equals("leave")) {
                                        byte[] last = {0, 0, 0, (byte) frame.stream(), 0, 0, 0, 0};
                                        talk.frame(GOAWAY, 0, 0, last);
                                    }
                                    echo(talk, frame);
                                });
                Proxy proxy = to(origin).start();
                Caller caller = proxy.call();
                Caller other = proxy.call()) {
            caller.send(StreamingTest.HANDSHAKE).head();
            assertThat(caller.raw("leave").read(5)).isEqualTo("leave");
            assertThat(other.get("/").head()).startsWith("HTTP/1.1 204 ");
            assertThat(origin.connections()).as("no more on the one it leaves").isEqualTo(2);

            proxy.workers.runOnEach(worker -> proxy.server("app").roster(worker).drain());
            assertThat(caller.raw("still").read(5)).isEqualTo("still");

            proxy.workers.runOnEach(
                    worker -> proxy.server("app").roster(worker).cut(Reason.SERVER_DOWN));
            assertThat(caller.end()).isEqualTo("reset");
            Proxy.eventually(() -> proxy.failed(Reason.SERVER_DOWN) == 1, "cut");
            allGivenBack(proxy);
        }
    }
}
