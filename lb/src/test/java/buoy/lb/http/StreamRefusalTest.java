package buoy.lb.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import buoy.config.model.Listener;
import buoy.lb.http.StreamsCaller.Answer;
import buoy.lb.http.StreamsCaller.Frame;
import buoy.lb.pool.Reason;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What HTTP/2 forbids, and what it must not be used for: none of it reaches a server. */
class StreamRefusalTest {
    private static final int PROTOCOL_ERROR = 1;
    private static final int REFUSED_STREAM = 7;
    private static final int ENHANCE_YOUR_CALM = 11;

    private static final String GET = StreamsCaller.request("GET", "/");

    /** RFC 9113 8.2 and 8.3; {@code ^} stands for CR, {@code $} for LF, {@code @} for NUL. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "connection-field|connection: close",
                "connection-field|transfer-encoding: chunked",
                "connection-field|keep-alive: 5",
                "connection-field|proxy-connection: close",
                "connection-field|upgrade: h2c",
                "connection-field|te: gzip",
                "bad-field-name|X-Upper: 1",
                "bad-field-name|bad name: 1",
                "bad-field-name|a^$evil: 1",
                "bad-field-name|a:b: 1",
                "bad-field-name|n@l: 1",
                "bad-field-value|x: a^$evil: 1",
                "bad-field-value|x: a$b",
                "bad-field-value|x: a@b",
                "bad-field-value|x:  a",
                "bad-field-value|x: a ",
                "bad-pseudo-field|:path: /again",
                "bad-pseudo-field|:unknown: x",
                "bad-pseudo-field|:status: 200",
                "bad-pseudo-field|:protocol: websocket",
                "host-mismatch|host: b.example",
                "several-hosts|host: a.example#host: a.example",
                "bad-content-length|content-length: 0#content-length: 0",
                "bad-content-length|content-length: -1",
                "length-mismatch|content-length: 5",
                "bad-pseudo-field|x: 1#:path: /",
            })
    void malformedFields(String why, String fields) throws Exception {
        String more = fields.replace('#', '\n').replace('^', '\r').replace('$', '\u000b');
        isRefused(why, GET + "\n" + more);
    }

    private static void isRefused(String why, String fields) throws Exception {
        try (Origin origin = Origin.answering("x");
                Proxy proxy = Proxy.to(origin.port()).start();
                StreamsCaller caller = new StreamsCaller(proxy.port)) {
            String[] lines = fields.split("\n", -1);
            for (int i = 0; i < lines.length; i++) {
                lines[i] = lines[i].replace('\u000b', '\n').replace('@', '\0');
            }
            caller.frame(
                    StreamsCaller.HEADERS,
                    StreamsCaller.END_HEADERS | StreamsCaller.END_STREAM,
                    1,
                    StreamsCaller.block(lines));
            Answer answer = caller.answer(1);
            assertThat(answer.status()).isEqualTo("400");
            assertThat(answer.content.toString()).startsWith("400 bad-request: " + why + " (");
            Frame reset = caller.next(StreamsCaller.RST_STREAM);
            assertThat(reset.code()).isEqualTo(PROTOCOL_ERROR);
            assertThat(proxy.failed(Reason.BAD_REQUEST)).isEqualTo(1);
            // The connection is as good as before, and the server has seen nothing of this.
            assertThat(caller.get(3, "/next").answer(3).status()).isEqualTo("200");
            assertThat(origin.received()).startsWith("GET /next HTTP/1.1\n");
            assertThat(origin.receivedNothing()).isTrue();
        }
    }

    /** Of a request line made of them, a second request could be smuggled. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "GET /x HTTP/1.1^$Evil: 1^$^$GET|http|/|a.example",
                "GET|http|/ HTTP/1.1^$Evil: 1|a.example",
                "GET|http|/a b|a.example",
                "GET|http|no-slash|a.example",
                "GET|http|http://b.example/|a.example",
                "GET|http|*|a.example",
                "GET|http://b.example/?|/|a.example",
                "GET|http|/#fragment|a.example",
                "GET|http|/\u00fc|a.example",
            })
    void malformedPseudoFields(String method, String scheme, String path, String authority)
            throws Exception {
        String fields =
                ":method: "
                        + method
                        + "\n:scheme: "
                        + scheme
                        + "\n:path: "
                        + path
                        + "\n:authority: "
                        + authority;
        isRefused("bad-pseudo-field", fields.replace('^', '\r').replace('$', '\u000b'));
    }

    @ParameterizedTest
    @CsvSource({
        "a b.example,bad-host",
        "a.example:99999,bad-host",
        "user@a.example,bad-host",
    })
    void malformedAuthority(String authority, String why) throws Exception {
        String fields = ":method: GET\n:scheme: http\n:path: /\n:authority: " + authority;
        if (authority.contains("@")) {
            // The tables above write NUL as @.
            try (Origin origin = Origin.answering("x");
                    Proxy proxy = Proxy.to(origin.port()).start();
                    StreamsCaller caller = new StreamsCaller(proxy.port)) {
                assertThat(caller.headers(1, true, fields).answer(1).content.toString())
                        .contains(why);
                assertThat(origin.receivedNothing()).isTrue();
            }
        } else {
            isRefused(why, fields);
        }
    }

    @Test
    void whatIsWellFormedAndNotOfferedIsAnsweredAlone() throws Exception {
        try (Origin origin = Origin.answering("x");
                Proxy proxy = Proxy.to(origin.port()).start();
                StreamsCaller caller = new StreamsCaller(proxy.port)) {
            caller.headers(1, true, ":method: CONNECT\n:authority: b.example:443");
            Answer connect = caller.answer(1);
            assertThat(connect.status()).isEqualTo("405");
            assertThat(connect.fields).contains("allow: GET, HEAD");
            assertThat(
                            caller.headers(3, true, StreamsCaller.request("TRACE", "/"))
                                    .answer(3)
                                    .status())
                    .isEqualTo("405");
            assertThat(caller.headers(5, true, GET + "\nexpect: 200-maybe").answer(5).status())
                    .isEqualTo("417");
            assertThat(
                            caller.headers(7, true, GET + "\nx: " + "y".repeat(15_000))
                                    .answer(7)
                                    .status())
                    .isEqualTo("200");
            Answer large = caller.headers(9, true, GET + "\nx: " + "y".repeat(16_360)).answer(9);
            assertThat(large.status()).isEqualTo("431");
            assertThat(large.content.toString()).contains("header-too-large");
            assertThat(large.reset).isEqualTo(-1);
            assertThat(caller.headers(11, true, GET + "\nx: 1".repeat(101)).answer(11).content)
                    .hasToString(
                            """
                                            431 header-too-large: too-many-fields (the header exceeds the limit in fields)
                                            """);
        }
    }

    /** H2.CL: what is beyond Content-Length would be the server's next request. */
    @Test
    void contentThatIsNotAsLongAsAnnouncedNeverEndsWell() throws Exception {
        try (Origin origin =
                        new Origin(
                                talk -> {
                                    talk.head();
                                    talk.ok(talk.read(5));
                                });
                Proxy proxy = Proxy.to(origin.port()).start();
                StreamsCaller caller = new StreamsCaller(proxy.port)) {
            String post = StreamsCaller.request("POST", "/") + "\ncontent-length: 5";
            caller.headers(1, false, post).data(1, true, "helloGET /evil HTTP/1.1");
            Answer longer = caller.answer(1);
            assertThat(longer.status()).isEqualTo("400");
            assertThat(caller.next(StreamsCaller.RST_STREAM).code()).isEqualTo(PROTOCOL_ERROR);
            caller.headers(3, false, post).data(3, true, "hel");
            assertThat(caller.answer(3).content.toString()).contains("length-mismatch");
            Proxy.eventually(() -> proxy.server("app").active() == 0, "given back");
        }
    }

    @Test
    void contentOverTheLimitIsRefusedWithoutWaitingForItsEnd() throws Exception {
        // It waits for more than will come: one that closed would be a reason of its own.
        Origin origin =
                new Origin(
                        talk -> {
                            talk.head();
                            talk.read(100);
                        });
        Proxy.Setup setup = Proxy.to(origin.port());
        setup.mostBody = OptionalLong.of(10);
        try (origin;
                Proxy proxy = setup.start();
                StreamsCaller caller = new StreamsCaller(proxy.port)) {
            String post = StreamsCaller.request("POST", "/");
            assertThat(caller.headers(1, false, post + "\ncontent-length: 11").answer(1).status())
                    .isEqualTo("413");
            assertThat(caller.next(StreamsCaller.RST_STREAM).code()).isZero();
            caller.headers(3, false, post).data(3, false, "hello").data(3, false, " world");
            assertThat(caller.answer(3).status()).isEqualTo("413");
            assertThat(proxy.failed(Reason.BODY_TOO_LARGE)).isEqualTo(2);
        }
    }

    /** Over what the decoder keeps, not only over the listener's limit. */
    @Test
    void fieldsThatAreFarTooLargeAreAnsweredToo() throws Exception {
        try (Origin origin = Origin.answering("x");
                Proxy proxy = Proxy.to(origin.port()).start();
                StreamsCaller caller = new StreamsCaller(proxy.port)) {
            caller.headers(1, true, GET + "\nx: " + "y".repeat(22_000));
            Answer answer = caller.answer(1);
            assertThat(answer.status()).isEqualTo("431");
            assertThat(answer.content.toString()).startsWith("431 header-too-large");
            assertThat(proxy.failed(Reason.HEADER_TOO_LARGE)).isEqualTo(1);
            assertThat(caller.get(3, "/").answer(3).status()).isEqualTo("200");
        }
    }

    /** As a head of HTTP/1.1 has to: other streams' own times do not hold for it. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aBlockOfFieldsMustArriveInTime(boolean wholeFrame) throws Exception {
        Origin origin = new Origin(talk -> talk.read(100_000));
        Proxy.Setup setup = Proxy.to(origin.port());
        setup.headers = Duration.ofMillis(300);
        try (origin;
                Proxy proxy = setup.start();
                StreamsCaller caller = new StreamsCaller(proxy.port)) {
            // Acknowledged here: nothing may come amid the block.
            caller.next(StreamsCaller.SETTINGS);
            caller.get(1, "/");
            byte[] block = StreamsCaller.block(GET.split("\n", -1));
            if (wholeFrame) {
                caller.frame(StreamsCaller.HEADERS, StreamsCaller.END_STREAM, 3, block);
            } else {
                byte[] header = {0, 0, (byte) block.length, StreamsCaller.HEADERS, 5, 0, 0, 0, 3};
                caller.socket.getOutputStream().write(header);
                caller.socket.getOutputStream().write(block, 0, block.length - 1);
            }
            assertThat(caller.next(StreamsCaller.GOAWAY).code()).isEqualTo(ENHANCE_YOUR_CALM);
            assertThat(caller.ends()).isTrue();
            Proxy.eventually(() -> proxy.failed(Reason.HEADER_TIMEOUT) == 1, "counted");
            Proxy.eventually(() -> proxy.server("app").active() == 0, "given back");
        }
    }

    @Test
    void aBlockOfFieldsThatCameInTimeIsNotWaitedForAnyLonger() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        Origin origin =
                new Origin(
                        talk -> {
                            talk.head();
                            try {
                                answer.await();
                            } catch (InterruptedException e) {
                                throw new IOException(e);
                            }
                            talk.ok("x");
                        });
        Proxy.Setup setup = Proxy.to(origin.port());
        setup.headers = Duration.ofMillis(300);
        try (origin;
                Proxy proxy = setup.start();
                StreamsCaller slow = new StreamsCaller(proxy.port);
                Caller other = proxy.call()) {
            byte[] block = StreamsCaller.block(GET.split("\n", -1));
            slow.frame(StreamsCaller.HEADERS, StreamsCaller.END_STREAM, 1, block);
            slow.frame(StreamsCaller.CONTINUATION, StreamsCaller.END_HEADERS, 1, new byte[0]);
            origin.received();
            // Whose time begins later, and is over.
            other.raw("GET ");
            assertThat(other.rest()).startsWith("HTTP/1.1 408 ");
            answer.countDown();
            assertThat(slow.answer(1).status()).isEqualTo("200");
        }
    }

    // ---- floods ----

    private static void isToldToCalmDown(Proxy proxy, StreamsCaller caller) throws Exception {
        isToldToCalmDown(proxy, caller, caller.next(StreamsCaller.GOAWAY));
    }

    private static void isToldToCalmDown(Proxy proxy, StreamsCaller caller, Frame goAway)
            throws Exception {
        assertThat(goAway.code()).isEqualTo(ENHANCE_YOUR_CALM);
        assertThat(caller.ends()).isTrue();
        Proxy.eventually(() -> proxy.failed(Reason.CLIENT_FLOOD) > 0, "counted");
        Proxy.eventually(() -> proxy.server("app").active() == 0, "servers are given back");
    }

    /** CVE-2023-44487. */
    @Test
    void rapidReset() throws Exception {
        try (Origin origin = Origin.answering("x");
                Proxy proxy = Proxy.to(origin.port()).start();
                StreamsCaller caller = new StreamsCaller(proxy.port)) {
            for (int stream = 1; stream < 500; stream += 2) {
                caller.get(stream, "/").reset(stream);
            }
            isToldToCalmDown(proxy, caller);
        }
    }

    /** CVE-2025-8671: the client makes us reset. */
    @Test
    void madeYouReset() throws Exception {
        try (Origin origin = Origin.answering("x");
                Proxy proxy = Proxy.to(origin.port()).start();
                StreamsCaller caller = new StreamsCaller(proxy.port)) {
            for (int stream = 1; stream < 500; stream += 2) {
                caller.get(stream, "/").window(stream, 0);
            }
            isToldToCalmDown(proxy, caller);
        }
    }

    /** The same by content that is not as long as it was said to be. */
    @Test
    void madeYouResetByContent() throws Exception {
        try (Origin origin = new Origin(talk -> talk.read(100_000));
                Proxy proxy = Proxy.to(origin.port()).start();
                StreamsCaller caller = new StreamsCaller(proxy.port)) {
            String post = StreamsCaller.request("POST", "/") + "\ncontent-length: 1";
            try {
                for (int stream = 1; stream < 1000; stream += 2) {
                    caller.headers(stream, false, post).data(stream, true, "two");
                    caller.next(StreamsCaller.RST_STREAM);
                }
            } catch (SocketException | EOFException closed) {
                // Closed on us: as it should be.
            }
            Proxy.eventually(() -> proxy.failed(Reason.CLIENT_FLOOD) > 0, "counted");
            Proxy.eventually(() -> proxy.server("app").active() == 0, "servers are given back");
        }
    }

    /** CVE-2019-9518. */
    @Test
    void emptyData() throws Exception {
        try (Origin origin = new Origin(talk -> talk.read(1000));
                Proxy proxy = Proxy.to(origin.port()).start();
                StreamsCaller caller = new StreamsCaller(proxy.port)) {
            caller.headers(1, false, StreamsCaller.request("POST", "/"));
            caller.many(10, StreamsCaller.DATA, 0, 1, new byte[0]);
            isToldToCalmDown(proxy, caller);
        }
    }

    /** CVE-2024-27316 and its kin. */
    @Test
    void endlessContinuation() throws Exception {
        try (Origin origin = Origin.answering("x");
                Proxy proxy = Proxy.to(origin.port()).start();
                StreamsCaller caller = new StreamsCaller(proxy.port)) {
            caller.frame(StreamsCaller.HEADERS, 0, 1, StreamsCaller.block(GET.split("\n", -1)));
            try {
                for (int i = 0; i < 100; i++) {
                    caller.frame(StreamsCaller.CONTINUATION, 0, 1, new byte[0]);
                }
                assertThat(caller.next(StreamsCaller.GOAWAY).code()).isEqualTo(ENHANCE_YOUR_CALM);
                assertThat(caller.ends()).isTrue();
            } catch (SocketException closed) {
                // What we still sent when it closed took what it said with it.
            }
            Proxy.eventually(() -> proxy.failed(Reason.CLIENT_FLOOD) == 1, "counted");
            assertThat(origin.receivedNothing()).isTrue();
        }
    }

    /** A few octets that stand for a long list: one entry of the table, named a thousand times. */
    @Test
    void hpackBomb() throws Exception {
        try (Origin origin = Origin.answering("x");
                Proxy proxy = Proxy.to(origin.port()).start();
                StreamsCaller caller = new StreamsCaller(proxy.port)) {
            byte[] first = StreamsCaller.block((GET + "\nx: " + "y".repeat(3000)).split("\n", -1));
            // The last field, into the table.
            first[StreamsCaller.block(GET.split("\n", -1)).length] = 0x40;
            byte[] bomb = Arrays.copyOf(first, first.length + 5000);
            Arrays.fill(bomb, first.length, bomb.length, (byte) (0x80 | 62));
            caller.frame(
                    StreamsCaller.HEADERS,
                    StreamsCaller.END_HEADERS | StreamsCaller.END_STREAM,
                    1,
                    bomb);
            Frame frame = caller.next();
            while (frame.type() != StreamsCaller.GOAWAY && frame.type() != StreamsCaller.HEADERS) {
                frame = caller.next();
            }
            assertThat(frame.type() == StreamsCaller.GOAWAY || frame.fields().contains("431"))
                    .isTrue();
            assertThat(origin.receivedNothing()).isTrue();
        }
    }

    /** CVE-2019-9512: answers that are asked for and not read. */
    @Test
    void pingsWhoseAnswersAreNotRead() throws Exception {
        try (Origin origin = Origin.answering("x");
                Proxy proxy = Proxy.to(origin.port()).start();
                Socket small = new Socket()) {
            small.setReceiveBufferSize(4096);
            small.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.port));
            StreamsCaller caller = new StreamsCaller(small);
            try {
                for (int i = 0; i < 10_000 && proxy.failed(Reason.CLIENT_FLOOD) == 0; i++) {
                    caller.many(1000, StreamsCaller.PING, 0, 0, new byte[8]);
                }
            } catch (SocketException closed) {
                // Closed on us: as it should be.
            }
            Proxy.eventually(() -> proxy.failed(Reason.CLIENT_FLOOD) == 1, "counted");
        }
    }

    /** Answers that have no content wait for no window: their streams end when they are sent. */
    @Test
    void headsThatAreNotRead() throws Exception {
        int most = 400_000;
        try (Proxy proxy =
                        new Proxy.Setup()
                                .route(Listener.Match.ANY, new Listener.Action.Respond(204, ""))
                                .start();
                Socket small = new Socket()) {
            small.setReceiveBufferSize(4096);
            small.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.port));
            StreamsCaller caller = new StreamsCaller(small);
            int asked = 0;
            try {
                for (; asked < most && proxy.failed(Reason.CLIENT_FLOOD) == 0; asked += 100) {
                    caller.gets(2 * asked + 1, 100);
                }
            } catch (SocketException closed) {
                // Closed on us: as it should be.
            }
            assertThat(asked).isLessThan(most);
            Proxy.eventually(() -> proxy.failed(Reason.CLIENT_FLOOD) == 1, "counted");
        }
    }

    /** SETTINGS_INITIAL_WINDOW_SIZE of nothing. */
    private static final byte[] NO_WINDOW = {0, 4, 0, 0, 0, 0};

    /** What is neither a request nor content, by type, stream and payload. */
    private static Stream<Arguments> framesBesideRequests() {
        byte[] one = {0, 0, 0, 1};
        return Stream.of(
                arguments("SETTINGS", StreamsCaller.SETTINGS, 0, 0, new byte[0]),
                arguments("SETTINGS with a window", StreamsCaller.SETTINGS, 0, 0, NO_WINDOW),
                arguments("acknowledgements", StreamsCaller.SETTINGS, 1, 0, new byte[0]),
                arguments("PING", StreamsCaller.PING, 0, 0, new byte[8]),
                arguments("answers to PING", StreamsCaller.PING, 1, 0, new byte[8]),
                arguments("PRIORITY", StreamsCaller.PRIORITY, 0, 7, new byte[5]),
                arguments("WINDOW_UPDATE", StreamsCaller.WINDOW_UPDATE, 0, 0, one),
                arguments("a byte at a time", StreamsCaller.WINDOW_UPDATE, 0, 1, one),
                arguments("of a reset stream", StreamsCaller.WINDOW_UPDATE, 0, 3, new byte[4]),
                arguments("unknown to us", 0x10, 0, 0, new byte[4]));
    }

    /** CVE-2019-9511, 9512, 9513 and 9515, by a client that reads what it is answered. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("framesBesideRequests")
    void framesBesideRequests(String what, int type, int flags, int stream, byte[] payload)
            throws Exception {
        try (Origin origin = Origin.answering("x".repeat(10_000));
                Proxy proxy = Proxy.to(origin.port()).start();
                StreamsCaller caller =
                        new StreamsCaller(proxy.port, StreamsCaller.INITIAL_WINDOW_SIZE, 0)) {
            // One that waits for its window, and one that is reset.
            caller.get(1, "/").next(StreamsCaller.HEADERS);
            caller.get(3, "/").window(3, 0).next(StreamsCaller.RST_STREAM);
            byte[] mark = "mark".repeat(2).getBytes(ISO_8859_1);
            Frame last;
            int batches = 0;
            do {
                // Fewer than the guard of what is unread lets pass.
                caller.many(400, type, flags, stream, payload);
                caller.frame(StreamsCaller.PING, 0, 0, mark);
                do {
                    last = caller.next();
                } while (last.type() != StreamsCaller.GOAWAY
                        && !Arrays.equals(last.payload(), mark));
            } while (last.type() != StreamsCaller.GOAWAY && ++batches < 100);
            assertThat(last.type()).isEqualTo(StreamsCaller.GOAWAY);
            isToldToCalmDown(proxy, caller, last);
        }
    }

    /** CVE-2019-9515: what the client does not read. */
    @Test
    void settingsWhoseAnswersAreNotRead() throws Exception {
        try (Origin origin = Origin.answering("x");
                Proxy proxy = Proxy.to(origin.port()).start();
                StreamsCaller caller = new StreamsCaller(proxy.port)) {
            try {
                while (proxy.failed(Reason.CLIENT_FLOOD) == 0) {
                    caller.many(100, StreamsCaller.SETTINGS, 0, 0, new byte[0]);
                }
            } catch (SocketException closed) {
                // Closed on us: as it should be.
            }
            Proxy.eventually(() -> proxy.failed(Reason.CLIENT_FLOOD) == 1, "counted");
        }
    }

    /** A browser's PRIORITY, a window for each frame of content, a PING for each answer. */
    @Test
    void aClientThatAsksForMuchMaySayMuch() throws Exception {
        try (Origin origin = Origin.answering("x".repeat(10_000));
                Proxy proxy = Proxy.to(origin.port()).start();
                StreamsCaller caller = new StreamsCaller(proxy.port)) {
            for (int stream = 1; stream < 2000; stream += 2) {
                caller.frame(StreamsCaller.PRIORITY, 0, stream, new byte[5]);
                caller.get(stream, "/").frame(StreamsCaller.PING, 0, 0, new byte[8]);
                assertThat(caller.answer(stream).content).hasSize(10_000);
                caller.window(0, 10_000);
            }
        }
    }

    @Test
    void streamsBeyondTheLimitAreRefused() throws Exception {
        try (Origin origin = new Origin(talk -> talk.read(100_000));
                Proxy proxy = Proxy.to(origin.port()).start();
                StreamsCaller caller = new StreamsCaller(proxy.port)) {
            caller.next(StreamsCaller.SETTINGS);
            for (int stream = 1; stream <= 201; stream += 2) {
                caller.get(stream, "/");
            }
            Frame reset = caller.next(StreamsCaller.RST_STREAM);
            assertThat(reset.stream()).isEqualTo(201);
            assertThat(reset.code()).isEqualTo(REFUSED_STREAM);
        }
    }
}
