package buoy.lb.http;

import static buoy.lb.http.StreamsCaller.DATA;
import static buoy.lb.http.StreamsCaller.GOAWAY;
import static buoy.lb.http.StreamsCaller.HEADERS;
import static buoy.lb.http.StreamsCaller.RST_STREAM;
import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Pool.Protocol;
import buoy.lb.http.StreamsCaller.Answer;
import buoy.lb.http.StreamsCaller.Frame;
import buoy.lb.kit.Leaks;
import buoy.lb.pool.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exchanges over HTTP/2 to the servers, in clear. */
class ServerStreamsTest {
    private static final int MAX_CONCURRENT_STREAMS = 3;
    private static final int INITIAL_WINDOW_SIZE = StreamsCaller.INITIAL_WINDOW_SIZE;

    private static final int CANCEL = 8;

    @BeforeAll
    static void watch() {
        Leaks.watch();
    }

    @AfterAll
    static void nothingLeaked() {
        Leaks.assertNone();
    }

    private static Proxy.Setup to(int... ports) {
        Proxy.Setup setup = Proxy.to(ports);
        setup.protocol = Protocol.H2C;
        return setup;
    }

    private static Proxy before(StreamsOrigin origin) throws Exception {
        return to(origin.port()).start();
    }

    /** On the request's head: all frames of the answer at once. */
    private static StreamsOrigin onHead(StreamsOrigin.Script script) throws Exception {
        return new StreamsOrigin(
                (talk, frame) -> {
                    if (frame.type() == HEADERS) {
                        script.frame(talk, frame);
                    }
                });
    }

    @Test
    void aRequestBecomesFieldsAndTheAnswerALine() throws Exception {
        try (StreamsOrigin origin =
                        onHead(
                                (talk, frame) -> {
                                    talk.headers(
                                            frame.stream(),
                                            false,
                                            ":status: 200\ncontent-length: 5\nx-a: 1\nset-cookie: a=1\nset-cookie: b=2");
                                    talk.data(frame.stream(), true, "hello");
                                });
                Proxy proxy = before(origin);
                Caller caller = proxy.call()) {
            caller.send(
                    """
                                            GET /path?q HTTP/1.1
                                            Host: A.example:80
                                            Connection: close, X-Hop
                                            X-Hop: 1
                                            Keep-Alive: 5
                                            X-End: 2
                                            Cookie: a=1; b=2

                                            """);

            assertThat(caller.rest())
                    .isEqualTo(
                            """
                            HTTP/1.1 200 \r
                            content-length: 5\r
                            x-a: 1\r
                            set-cookie: a=1\r
                            set-cookie: b=2\r
                            Connection: close\r
                            \r
                            hello""");
            Frame head = origin.received();
            assertThat(head.ends()).isTrue();
            assertThat(head.fields())
                    .startsWith(
                            """
                            :method: GET
                            :scheme: http
                            :path: /path?q
                            :authority: A.example:80
                            x-end: 2
                            cookie: a=1; b=2
                            x-forwarded-for: 127.0.0.1
                            """)
                    .contains("via: 1.1 buoy\n")
                    .doesNotContain("x-hop", "keep-alive", "connection", "\nhost:");
        }
    }

    @Test
    void contentWithoutALengthIsChunkedAndHasTrailers() throws Exception {
        try (StreamsOrigin origin =
                        onHead(
                                (talk, frame) -> {
                                    talk.headers(frame.stream(), false, ":status: 200");
                                    talk.data(frame.stream(), false, "some");
                                    talk.data(frame.stream(), false, "x".repeat(2000));
                                    talk.headers(frame.stream(), true, "x-sum: 7");
                                });
                Proxy proxy = before(origin);
                Caller caller = proxy.call()) {
            caller.send("GET / HTTP/1.1\nHost: a\nConnection: close\n\n");

            assertThat(caller.rest())
                    .isEqualTo(
                            "HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
                                    + "4\r\nsome\r\n7d0\r\n"
                                    + "x".repeat(2000)
                                    + "\r\n0\r\nx-sum: 7\r\n\r\n");
        }
    }

    @Test
    void chunksOfARequestBecomeContentAndItsTrailersFields() throws Exception {
        try (StreamsOrigin origin = StreamsOrigin.answering("done");
                Proxy proxy = before(origin);
                Caller caller = proxy.call()) {
            caller.send(
                    "POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\nTE: trailers\nConnection: TE\n\n");
            assertThat(origin.received().fields())
                    .contains("te: trailers\n")
                    .doesNotContain("transfer-encoding");
            caller.send("4;ext=1\nsome\n4\n one\n0\nX-Sum: 7\n\n");

            StringBuilder content = new StringBuilder();
            Frame frame = origin.received();
            while (frame.type() == DATA) {
                content.append(frame.text());
                frame = origin.received();
            }
            assertThat(content).hasToString("some one");
            assertThat(frame.fields()).isEqualTo("x-sum: 7\n");
            assertThat(frame.ends()).isTrue();
            assertThat(caller.head()).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void manyExchangesShareOneConnection() throws Exception {
        List<Integer> ids = new ArrayList<>();
        try (StreamsOrigin origin =
                        onHead(
                                (talk, frame) -> {
                                    ids.add(frame.stream());
                                    if (ids.size() == 50) {
                                        for (int id : ids) {
                                            talk.headers(id, true, ":status: 204");
                                        }
                                    }
                                });
                Proxy proxy = before(origin)) {
            List<Caller> callers = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                callers.add(proxy.call().get("/"));
            }
            for (Caller caller : callers) {
                assertThat(caller.head()).startsWith("HTTP/1.1 204 ");
                caller.close();
            }
            assertThat(origin.connections()).isOne();
        }
    }

    @Test
    void aServerGetsAsManyStreamsOnAConnectionAsItWants() throws Exception {
        CountDownLatch all = new CountDownLatch(3);
        try (StreamsOrigin origin =
                        new StreamsOrigin(
                                (talk, frame) -> {
                                    if (frame.type() == HEADERS) {
                                        all.countDown();
                                        all.await();
                                        talk.headers(frame.stream(), true, ":status: 204");
                                    }
                                },
                                MAX_CONCURRENT_STREAMS,
                                1);
                Proxy proxy = before(origin)) {
            List<Caller> callers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                callers.add(proxy.call().get("/"));
            }
            for (Caller caller : callers) {
                assertThat(caller.head()).startsWith("HTTP/1.1 204 ");
                caller.close();
            }
            assertThat(origin.connections()).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"refused", "goaway"})
    void whatWasNotBegunOnIsSentAgainWhateverTheMethod(String how) throws Exception {
        AtomicInteger seen = new AtomicInteger();
        try (StreamsOrigin origin =
                        onHead(
                                (talk, frame) -> {
                                    if (seen.incrementAndGet() > 1) {
                                        talk.headers(frame.stream(), true, ":status: 204");
                                    } else if (how.equals("refused")) {
                                        talk.frame(
                                                RST_STREAM,
                                                0,
                                                frame.stream(),
                                                new byte[] {0, 0, 0, 7});
                                    } else {
                                        talk.frame(GOAWAY, 0, 0, new byte[8]);
                                    }
                                });
                Proxy proxy = before(origin);
                Caller caller = proxy.call()) {
            caller.send("POST / HTTP/1.1\nHost: a\nContent-Length: 0\n\n");

            assertThat(caller.head()).startsWith("HTTP/1.1 204 ");
            assertThat(seen).hasValue(2);
            assertThat(origin.connections()).isEqualTo(how.equals("refused") ? 1 : 2);
        }
    }

    /** What was sent is not there any more to be sent again. */
    @Test
    void whatHadContentIsNotSentAgain() throws Exception {
        AtomicInteger seen = new AtomicInteger();
        try (StreamsOrigin origin =
                        new StreamsOrigin(
                                (talk, frame) -> {
                                    if (frame.type() == HEADERS) {
                                        seen.incrementAndGet();
                                    } else if (frame.type() == DATA) {
                                        talk.frame(
                                                RST_STREAM,
                                                0,
                                                frame.stream(),
                                                new byte[] {0, 0, 0, 7});
                                    }
                                });
                Proxy proxy = before(origin);
                Caller caller = proxy.call()) {
            caller.send("POST / HTTP/1.1\nHost: a\nContent-Length: 5\n\nhello");

            assertThat(caller.head()).startsWith("HTTP/1.1 502 ");
            assertThat(seen).hasValue(1);
        }
    }

    @Test
    void aResetIsTheServersAndTheConnectionLivesOn() throws Exception {
        try (StreamsOrigin origin =
                        onHead(
                                (talk, frame) -> {
                                    if (frame.fields().contains(":path: /good")) {
                                        talk.headers(frame.stream(), true, ":status: 204");
                                    } else {
                                        talk.reset(frame.stream());
                                    }
                                });
                Proxy proxy = before(origin);
                Caller caller = proxy.call()) {
            assertThat(caller.get("/").response())
                    .startsWith("HTTP/1.1 502 ")
                    .endsWith("502 server-reset\n");
            assertThat(caller.get("/good").head()).startsWith("HTTP/1.1 204 ");
            assertThat(origin.connections()).isOne();
            assertThat(proxy.failed(Reason.SERVER_RESET)).isOne();
        }
    }

    @Test
    void whoLeavesCancelsItsStreamAlone() throws Exception {
        try (StreamsOrigin origin =
                        onHead(
                                (talk, frame) -> {
                                    if (frame.fields().contains(":path: /good")) {
                                        talk.headers(frame.stream(), true, ":status: 204");
                                    }
                                });
                Proxy proxy = before(origin);
                StreamsCaller leaving = new StreamsCaller(proxy.port);
                Caller caller = proxy.call()) {
            leaving.get(1, "/");
            assertThat(origin.received().type()).isEqualTo(HEADERS);
            leaving.reset(1);
            Frame reset = origin.received();

            assertThat(reset.type()).isEqualTo(RST_STREAM);
            assertThat(reset.code()).isEqualTo(CANCEL);
            assertThat(caller.get("/good").head()).startsWith("HTTP/1.1 204 ");
            assertThat(origin.connections()).isOne();
            Proxy.eventually(() -> proxy.server("app").active() == 0, "all ended");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x-a: 1",
                ":status: 20",
                ":status: 101",
                ":status: 99a",
                ":status: 200\n:status: 200",
                ":status: 200\n:path: /",
                "x-a: 1\n:status: 200",
                ":status: 200\nX-Upper: 1",
                ":status: 200\nconnection: close",
                ":status: 200\nkeep-alive: 5",
                ":status: 200\ntransfer-encoding: chunked",
                ":status: 200\nupgrade: h2c",
                ":status: 200\nx-a: b\rc",
                ":status: 200\nx-a:  b",
                ":status: 200\nx a: b",
                ":status: 200\ncontent-length: 5",
                ":status: 200\ncontent-length: x",
                ":status: 103"
            })
    void aMalformedAnswerIsNoneAndItsStreamIsReset(String fields) throws Exception {
        try (StreamsOrigin origin =
                        onHead((talk, frame) -> talk.headers(frame.stream(), true, fields));
                Proxy proxy = before(origin);
                Caller caller = proxy.call()) {
            assertThat(caller.get("/").response())
                    .startsWith("HTTP/1.1 502 ")
                    .endsWith("502 bad-response\n");
            assertThat(origin.received(RST_STREAM).code()).isOne();
            assertThat(proxy.failed(Reason.BAD_RESPONSE)).isOne();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 7})
    void contentThatIsNotAsLongAsSaidCutsTheAnswer(int length) throws Exception {
        try (StreamsOrigin origin =
                        onHead(
                                (talk, frame) -> {
                                    talk.headers(
                                            frame.stream(),
                                            false,
                                            ":status: 200\ncontent-length: " + length);
                                    talk.data(frame.stream(), true, "hello");
                                });
                Proxy proxy = before(origin);
                Caller caller = proxy.call()) {
            caller.get("/");

            assertThat(caller.end()).isEqualTo("reset");
            assertThat(proxy.failed(Reason.BAD_RESPONSE)).isOne();
        }
    }

    @Test
    void interimAnswersGoOnAndHeadHasNoContent() throws Exception {
        try (StreamsOrigin origin =
                        onHead(
                                (talk, frame) -> {
                                    talk.headers(frame.stream(), false, ":status: 103\nlink: </a>");
                                    talk.headers(
                                            frame.stream(),
                                            true,
                                            ":status: 200\ncontent-length: 9");
                                });
                Proxy proxy = before(origin);
                Caller caller = proxy.call()) {
            caller.send("HEAD / HTTP/1.1\nHost: a\n\n");

            assertThat(caller.head()).isEqualTo("HTTP/1.1 103 \nlink: </a>\n\n");
            assertThat(caller.head()).isEqualTo("HTTP/1.1 200 \ncontent-length: 9\n\n");
            caller.send("HEAD / HTTP/1.1\nHost: a\n\n");
            assertThat(caller.head()).startsWith("HTTP/1.1 103 ");
        }
    }

    @Test
    void aServerOfHttp1IsToldFromOneOfHttp2() throws Exception {
        try (Origin origin =
                        new Origin(
                                talk -> {
                                    assertThat(talk.read(24)).startsWith("PRI * HTTP/2.0");
                                    talk.send("HTTP/1.1 400 Bad Request\n\n");
                                    while (!talk.ended()) {}
                                });
                Proxy proxy = to(origin.port()).start();
                Caller caller = proxy.call()) {
            assertThat(caller.get("/").response()).endsWith("502 server-not-http2\n");
            assertThat(proxy.failed(Reason.SERVER_NOT_HTTP2)).isOne();
        }
    }

    @Test
    void aServerThatTakesNoMoreHoldsUpItsClient() throws Exception {
        try (StreamsOrigin origin =
                        new StreamsOrigin((talk, frame) -> {}, INITIAL_WINDOW_SIZE, 1000);
                Proxy proxy = before(origin);
                Caller caller = proxy.call()) {
            int most = 64 << 20;
            caller.send("POST / HTTP/1.1\nHost: a\nContent-Length: " + most + "\n\n");
            caller.socket.setSendBufferSize(64 * 1024);
            CountDownLatch through = new CountDownLatch(1);
            Thread sender =
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        try {
                                            caller.raw("x".repeat(most));
                                            through.countDown();
                                        } catch (java.io.IOException _) {
                                            // the test is over
                                        }
                                    });
            assertThat(origin.received(DATA).payload()).hasSize(1000);
            assertThat(through.await(500, java.util.concurrent.TimeUnit.MILLISECONDS)).isFalse();
            assertThat(proxy.listening.totals().bytesFromClient()).isBetween(1000L, 4L << 20);
            caller.hangUp();
            sender.join();
        }
    }

    @Test
    void aClientThatTakesNothingHoldsUpNoOther() throws Exception {
        String much = "x".repeat(16_000);
        try (StreamsOrigin origin =
                        onHead(
                                (talk, frame) -> {
                                    talk.headers(frame.stream(), false, ":status: 200");
                                    if (frame.fields().contains(":path: /slow")) {
                                        for (int sent = 0;
                                                sent + 16_000 < 128 << 10;
                                                sent += 16_000) {
                                            talk.data(frame.stream(), false, much);
                                        }
                                    } else {
                                        talk.data(frame.stream(), true, "hello");
                                    }
                                });
                Proxy proxy = before(origin)) {
            List<StreamsCaller> slow = new ArrayList<>();
            for (int i = 0; i < 80; i++) {
                // Its window is closed.
                StreamsCaller caller =
                        new StreamsCaller(proxy.port, INITIAL_WINDOW_SIZE, 0).get(1, "/slow");
                slow.add(caller);
                assertThat(caller.next(HEADERS).fields()).startsWith(":status: 200");
            }
            try (Caller other = proxy.call()) {
                assertThat(other.get("/").head()).startsWith("HTTP/1.1 200 ");
                assertThat(other.read(10)).isEqualTo("5\r\nhello\r\n");
            }
            for (StreamsCaller caller : slow) {
                caller.close();
            }
            Proxy.eventually(() -> proxy.listening.connected() == 0, "all of them gone");
            assertThat(origin.connections()).isOne();
        }
    }

    @Test
    void anAnswerMayEndBeforeTheRequest() throws Exception {
        try (StreamsOrigin origin =
                        onHead(
                                (talk, frame) -> {
                                    talk.headers(frame.stream(), true, ":status: 413");
                                    talk.frame(RST_STREAM, 0, frame.stream(), new byte[4]);
                                });
                Proxy proxy = before(origin);
                StreamsCaller caller = new StreamsCaller(proxy.port)) {
            caller.headers(1, false, StreamsCaller.request("POST", "/"));
            Answer answer = caller.answer(1);

            assertThat(answer.status()).isEqualTo("413");
            assertThat(caller.next(RST_STREAM).code()).isZero();
        }
    }

    /** RFC 9113 8.1: whoever has answered need not hear the rest, and that is no failure. */
    @Test
    void anAnswerIsWholeWhoseRequestTheServerDoesNotHearOut() throws Exception {
        int much = 100_000;
        try (StreamsOrigin origin =
                        onHead(
                                (talk, frame) -> {
                                    talk.headers(frame.stream(), false, ":status: 200");
                                    for (int sent = 0; sent < much; sent += 10_000) {
                                        talk.data(
                                                frame.stream(),
                                                sent + 10_000 == much,
                                                "y".repeat(10_000));
                                    }
                                    talk.frame(RST_STREAM, 0, frame.stream(), new byte[4]);
                                });
                Proxy proxy = before(origin);
                StreamsCaller streams = new StreamsCaller(proxy.port, INITIAL_WINDOW_SIZE, 0);
                Caller caller = proxy.call()) {
            streams.headers(1, false, StreamsCaller.request("POST", "/")).data(1, false, "some");
            assertThat(streams.next(HEADERS).fields()).startsWith(":status: 200");
            Proxy.eventually(
                    () -> proxy.listening.totals().bytesToClient() >= much, "all has come");
            streams.data(1, false, "more").window(1, much).window(0, much);
            Answer answer = streams.answer(1);
            assertThat(answer.content).hasToString("y".repeat(much));
            assertThat(answer.ended).isTrue();

            caller.socket.setReceiveBufferSize(4096);
            caller.send("POST / HTTP/1.1\nHost: a\nContent-Length: 1000\n\nsome");
            Proxy.eventually(
                    () -> proxy.listening.totals().bytesToClient() >= 2L * much, "all has come");
            caller.raw("more");
            assertThat(caller.rest()).contains("y".repeat(10_000)).endsWith("\r\n0\r\n\r\n");
            Proxy.eventually(() -> proxy.server("app").active() == 0, "all ended");
            assertThat(proxy.listening.totals().failures()).isEmpty();
            assertThat(origin.connections()).isOne();
        }
    }

    @Test
    void bothSidesOfAStreamGoOnAtOnce() throws Exception {
        try (StreamsOrigin origin =
                        new StreamsOrigin(
                                (talk, frame) -> {
                                    if (frame.type() == HEADERS) {
                                        talk.headers(frame.stream(), false, ":status: 200");
                                    } else if (frame.type() == DATA && !frame.text().isEmpty()) {
                                        talk.data(frame.stream(), false, frame.text());
                                    }
                                    if (frame.ends()) {
                                        talk.headers(frame.stream(), true, "grpc-status: 0");
                                    }
                                });
                Proxy proxy = before(origin);
                StreamsCaller caller = new StreamsCaller(proxy.port)) {
            caller.headers(1, false, StreamsCaller.request("POST", "/"));
            assertThat(caller.next(HEADERS).fields()).startsWith(":status: 200");
            for (String word : List.of("one", "two", "three")) {
                caller.data(1, false, word);
                assertThat(caller.next(DATA).text()).isEqualTo(word);
            }
            caller.data(1, true, "");
            Frame trailers = caller.next(HEADERS);

            assertThat(trailers.fields()).isEqualTo("grpc-status: 0\n");
            assertThat(trailers.ends()).isTrue();
        }
    }

    @Test
    void aKeptConnectionThatEndsIsNoFailureOfTheNextRequest() throws Exception {
        AtomicInteger seen = new AtomicInteger();
        try (StreamsOrigin origin =
                        onHead(
                                (talk, frame) -> {
                                    if (seen.incrementAndGet() == 2) {
                                        talk.close();
                                    } else {
                                        talk.headers(frame.stream(), true, ":status: 204");
                                    }
                                });
                Proxy proxy = before(origin);
                Caller caller = proxy.call()) {
            assertThat(caller.get("/").head()).startsWith("HTTP/1.1 204 ");
            assertThat(caller.get("/").head()).startsWith("HTTP/1.1 204 ");
            assertThat(seen).hasValue(3);
            assertThat(origin.connections()).isEqualTo(2);
            assertThat(proxy.listening.totals().failures()).isEmpty();
        }
    }

    @Test
    void tooManyFieldsAreTheEndOfTheirStreamAlone() throws Exception {
        try (StreamsOrigin origin =
                        onHead(
                                (talk, frame) ->
                                        talk.headers(
                                                frame.stream(),
                                                true,
                                                frame.fields().contains(":path: /good")
                                                        ? ":status: 204"
                                                        : ":status: 200\nx-a: "
                                                                + "a".repeat(80_000)));
                Proxy proxy = before(origin);
                Caller caller = proxy.call()) {
            assertThat(caller.get("/").response()).endsWith("502 response-header-too-large\n");
            assertThat(caller.get("/good").head()).startsWith("HTTP/1.1 204 ");
            assertThat(origin.connections()).isOne();
        }
    }

    @Test
    void interimAnswersEnd() throws Exception {
        try (StreamsOrigin origin =
                        onHead(
                                (talk, frame) -> {
                                    for (int i = 0; i < 101; i++) {
                                        talk.headers(frame.stream(), false, ":status: 103");
                                    }
                                });
                Proxy proxy = before(origin);
                Caller caller = proxy.call()) {
            caller.send("POST / HTTP/1.1\nHost: a\nContent-Length: 0\nConnection: close\n\n");

            assertThat(caller.rest())
                    .startsWith("HTTP/1.1 103 ")
                    .contains("HTTP/1.1 502 ")
                    .endsWith("502 server-flood\n");
        }
    }

    @Test
    void aServerThatFloodsLosesItsConnection() throws Exception {
        try (StreamsOrigin origin =
                        onHead(
                                (talk, frame) -> {
                                    for (int i = 0; i < 1100; i++) {
                                        talk.frame(StreamsCaller.PING, 0, 0, new byte[8]);
                                    }
                                });
                Proxy proxy = before(origin);
                Caller caller = proxy.call()) {
            caller.send("POST / HTTP/1.1\nHost: a\nContent-Length: 0\n\n");

            assertThat(caller.response()).endsWith("502 server-flood\n");
            assertThat(origin.received(GOAWAY).code()).isEqualTo(11);
        }
    }
}
