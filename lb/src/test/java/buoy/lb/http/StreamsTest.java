package buoy.lb.http;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Listener;
import buoy.lb.http.StreamsCaller.Answer;
import buoy.lb.http.StreamsCaller.Frame;
import buoy.lb.listen.CameTo;
import buoy.lb.pool.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Exchanges of clients that speak HTTP/2, frame by frame. */
class StreamsTest {
    private static String line(Origin.Talk talk) throws IOException {
        StringBuilder line = new StringBuilder();
        while (line.indexOf("\r\n") < 0) {
            line.append(talk.read(1));
        }
        return line.substring(0, line.length() - 2);
    }

    private static void isUp(CountDownLatch latch) {
        try {
            assertThat(latch.await(15, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aRequestReachesTheServerAsHttp1AndItsAnswerComesBack() throws Exception {
        try (Origin origin =
                        new Origin(
                                talk -> {
                                    talk.head();
                                    talk.send(
                                            """
                                            HTTP/1.1 200 OK
                                            Content-Length: 5
                                            X-Mixed-Case: Kept
                                            Connection: keep-alive, X-Hop
                                            X-Hop: 1
                                            Keep-Alive: timeout=5
                                            Set-Cookie: a=1
                                            Set-Cookie: b=2

                                            hello""");
                                });
                Proxy proxy = Proxy.to(origin.port()).start();
                StreamsCaller caller = new StreamsCaller(proxy.port)) {
            caller.headers(
                    1,
                    true,
                    StreamsCaller.request("GET", "/a?b=c")
                            + "\ncookie: x=1\nuser-agent: test\ncookie: y=2\nte: trailers");
            Answer answer = caller.answer(1);

            assertThat(answer.fields)
                    .isEqualTo(
                            """
                                            :status: 200
                                            content-length: 5
                                            x-mixed-case: Kept
                                            set-cookie: a=1
                                            set-cookie: b=2
                                            """);
            assertThat(answer.content).hasToString("hello");
            assertThat(answer.reset).isEqualTo(-1);
            assertThat(origin.received())
                    .isEqualTo(
                            "GET /a?b=c HTTP/1.1\nHost: a.example\nuser-agent: test\n"
                                    + "Cookie: x=1; y=2\nX-Forwarded-For: 127.0.0.1\n"
                                    + "X-Forwarded-Proto: http\nX-Forwarded-Port: "
                                    + proxy.port
                                    + "\nX-Forwarded-Host: a.example\nVia: 2.0 buoy\n"
                                    + "Connection: TE\nTE: trailers\n\n");
        }
    }

    @Test
    void contentOfUnknownLengthGoesChunkedWithItsTrailers() throws Exception {
        try (Origin origin =
                        new Origin(
                                talk -> {
                                    talk.head();
                                    StringBuilder body = new StringBuilder();
                                    for (int n = -1; n != 0; ) {
                                        n = Integer.parseInt(line(talk), 16);
                                        body.append(talk.read(n)).append(line(talk));
                                    }
                                    talk.ok(body + ";" + line(talk));
                                });
                Proxy proxy = Proxy.to(origin.port()).start();
                StreamsCaller caller = new StreamsCaller(proxy.port)) {
            caller.headers(1, false, StreamsCaller.request("POST", "/"));
            caller.data(1, false, "hello").data(1, false, " world");
            caller.headers(1, true, "x-sum: 11\ncontent-length: 4");
            assertThat(caller.answer(1).content).hasToString("hello worldx-sum: 11;");
            assertThat(origin.received()).contains("Transfer-Encoding: chunked\n");
        }
    }

    @Test
    void contentOfKnownLengthGoesAsItIs() throws Exception {
        try (Origin origin =
                        new Origin(
                                talk -> {
                                    talk.head();
                                    talk.ok(talk.read(11));
                                });
                Proxy proxy = Proxy.to(origin.port()).start();
                StreamsCaller caller = new StreamsCaller(proxy.port)) {
            caller.headers(1, false, StreamsCaller.request("POST", "/") + "\ncontent-length: 11");
            caller.data(1, false, "hello").data(1, true, " world");
            assertThat(caller.answer(1).content).hasToString("hello world");
            assertThat(origin.received())
                    .contains("content-length: 11\n")
                    .doesNotContain("chunked");
        }
    }

    @Test
    void chunkedAnswersLoseTheirFramingAndKeepTheirTrailers() throws Exception {
        try (Origin origin =
                        new Origin(
                                talk -> {
                                    talk.head();
                                    talk.send("HTTP/1.1 103 Early Hints\nLink: </a.css>\n\n");
                                    talk.send(
                                            """
                                            HTTP/1.1 200 OK
                                            Transfer-Encoding: chunked

                                            5
                                            hello
                                            0
                                            X-Sum: 5
                                            Content-Length: 9

                                            """);
                                });
                Proxy proxy = Proxy.to(origin.port()).start();
                StreamsCaller caller = new StreamsCaller(proxy.port)) {
            Answer answer = caller.get(1, "/").answer(1);
            assertThat(answer.interim).containsExactly(":status: 103\nlink: </a.css>\n");
            assertThat(answer.fields).isEqualTo(":status: 200\n");
            assertThat(answer.content).hasToString("hello");
            assertThat(answer.trailers).isEqualTo("x-sum: 5\n");
        }
    }

    @Test
    void answersWithoutContentEndWithTheirFields() throws Exception {
        try (Origin origin =
                        new Origin(
                                talk -> {
                                    talk.head();
                                    talk.send("HTTP/1.1 200 OK\nContent-Length: 99\n\n");
                                    talk.head();
                                    talk.send("HTTP/1.1 204 No Content\n\n");
                                    talk.head();
                                    talk.send("HTTP/1.1 304 Not Modified\nETag: \"x\"\n\n");
                                });
                Proxy proxy = Proxy.to(origin.port()).start();
                StreamsCaller caller = new StreamsCaller(proxy.port)) {
            caller.headers(1, true, StreamsCaller.request("HEAD", "/"));
            Frame head = caller.next(StreamsCaller.HEADERS);
            assertThat(head.fields()).isEqualTo(":status: 200\ncontent-length: 99\n");
            assertThat(head.ends()).isTrue();
            assertThat(caller.get(3, "/").next(StreamsCaller.HEADERS).ends()).isTrue();
            Frame notModified = caller.get(5, "/").next(StreamsCaller.HEADERS);
            assertThat(notModified.fields()).isEqualTo(":status: 304\netag: \"x\"\n");
            assertThat(notModified.ends()).isTrue();
        }
    }

    @Test
    void streamsOfOneConnectionAreServedAtOnce() throws Exception {
        CountDownLatch all = new CountDownLatch(100);
        try (Origin origin =
                        new Origin(
                                talk -> {
                                    String path = talk.head().split(" ", -1)[1];
                                    all.countDown();
                                    isUp(all);
                                    talk.ok(path);
                                });
                Proxy proxy = Proxy.to(origin.port()).start();
                StreamsCaller caller = new StreamsCaller(proxy.port)) {
            for (int stream = 1; stream < 200; stream += 2) {
                caller.get(stream, "/" + stream);
            }
            int ended = 0;
            while (ended < 100) {
                Frame frame = caller.next(StreamsCaller.DATA);
                assertThat(frame.text()).isEqualTo("/" + frame.stream());
                ended += frame.ends() ? 1 : 0;
            }
        }
    }

    @Test
    void aCutAnswerIsNeverAWholeOne() throws Exception {
        try (Origin origin =
                        new Origin(
                                talk -> {
                                    talk.head();
                                    talk.send("HTTP/1.1 200 OK\nContent-Length: 10\n\nhello");
                                });
                Proxy proxy = Proxy.to(origin.port()).start();
                StreamsCaller caller = new StreamsCaller(proxy.port)) {
            Answer answer = caller.get(1, "/").answer(1);
            assertThat(answer.ended).isFalse();
            assertThat(answer.reset).isEqualTo(2);
            Proxy.eventually(() -> proxy.failed(Reason.SERVER_CLOSED) == 1, "counted");
        }
    }

    @Test
    void aClientThatResetsItsStreamFreesTheServer() throws Exception {
        try (Origin origin =
                        new Origin(
                                talk -> {
                                    talk.head();
                                    assertThat(talk.ended()).isTrue();
                                });
                Proxy proxy = Proxy.to(origin.port()).start();
                StreamsCaller caller = new StreamsCaller(proxy.port)) {
            caller.get(1, "/");
            origin.received();
            caller.reset(1);
            Proxy.eventually(() -> proxy.failed(Reason.CLIENT_RESET) == 1, "counted");
            Proxy.eventually(() -> proxy.server("app").active() == 0, "given back");
        }
    }

    /** What a client that takes nothing can make the proxy hold is bounded. */
    @Test
    void aClosedWindowStopsTheServer() throws Exception {
        AtomicInteger sent = new AtomicInteger();
        try (Origin origin =
                        new Origin(
                                talk -> {
                                    talk.head();
                                    talk.send("HTTP/1.1 200 OK\nContent-Length: 99000000\n\n");
                                    String part = "x".repeat(10_000);
                                    for (int i = 0; i < 9900; i++) {
                                        talk.write(part);
                                        sent.addAndGet(part.length());
                                    }
                                });
                Proxy proxy = Proxy.to(origin.port()).start();
                StreamsCaller caller = new StreamsCaller(proxy.port)) {
            caller.get(1, "/");
            int received = 0;
            while (received < 65_535) {
                received += caller.next(StreamsCaller.DATA).payload().length;
            }
            int before;
            do {
                before = sent.get();
                Thread.sleep(300);
            } while (sent.get() > before);
            assertThat(sent.get()).isLessThan(20_000_000);

            caller.window(0, 100_000_000).window(1, 100_000_000);
            while (received < 99_000_000) {
                received += caller.next(StreamsCaller.DATA).payload().length;
            }
            assertThat(received).isEqualTo(99_000_000);
        }
    }

    @Test
    void aServerThatTakesNothingStopsTheClient() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (Origin origin =
                        new Origin(
                                talk -> {
                                    talk.socket.setReceiveBufferSize(8192);
                                    talk.head();
                                    isUp(over);
                                });
                Proxy proxy = Proxy.to(origin.port()).start();
                StreamsCaller caller = new StreamsCaller(proxy.port)) {
            caller.headers(1, false, StreamsCaller.request("POST", "/"));
            caller.socket.setSoTimeout(1000);
            int room = 65_535;
            int sent = 0;
            String part = "x".repeat(16_000);
            try {
                while (sent < 100_000_000) {
                    while (room < part.length()) {
                        Frame frame = caller.next(StreamsCaller.WINDOW_UPDATE);
                        if (frame.stream() == 1) {
                            room += java.nio.ByteBuffer.wrap(frame.payload()).getInt();
                        }
                    }
                    caller.data(1, false, part);
                    room -= part.length();
                    sent += part.length();
                }
            } catch (java.net.SocketTimeoutException stopped) {
                assertThat(sent).isLessThan(20_000_000);
                return;
            } finally {
                over.countDown();
            }
            throw new AssertionError("the client was never stopped");
        }
    }

    @Test
    void drainSaysGoAwayAndLetsStreamsFinish() throws Exception {
        CountDownLatch told = new CountDownLatch(1);
        try (Origin origin =
                        new Origin(
                                talk -> {
                                    talk.head();
                                    isUp(told);
                                    talk.ok("late");
                                });
                Proxy proxy = Proxy.to(origin.port()).start();
                StreamsCaller caller = new StreamsCaller(proxy.port)) {
            caller.get(1, "/");
            origin.received();
            proxy.workers
                    .get(0)
                    .loop()
                    .submit(
                            () ->
                                    proxy.listening
                                            .clients(proxy.workers.get(0))
                                            .drain(new CameTo.Anywhere()))
                    .sync();
            Frame goAway = caller.next(StreamsCaller.GOAWAY);
            assertThat(goAway.code()).isZero();
            assertThat(goAway.lastStream()).isEqualTo(Integer.MAX_VALUE);
            // It was on its way before the client knew.
            caller.get(3, "/");
            origin.received();
            told.countDown();
            assertThat(caller.answer(1).content).hasToString("late");
            assertThat(caller.next(StreamsCaller.GOAWAY).lastStream()).isEqualTo(3);
            assertThat(caller.ends()).isTrue();
        }
    }

    /** However many pieces a client makes of it, and whatever the request still waits for. */
    @Test
    void contentInTinyPiecesIsPutTogether() throws Exception {
        try (Origin origin =
                        new Origin(
                                talk -> {
                                    talk.head();
                                    talk.ok(talk.read(30_000));
                                });
                Proxy proxy = Proxy.to(origin.port()).start();
                StreamsCaller caller = new StreamsCaller(proxy.port)) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (int i = 0; i < 30_000; i++) {
                all.write(new byte[] {0, 0, 1, 0, (byte) (i == 29_999 ? 1 : 0), 0, 0, 0, 1, 'x'});
            }
            caller.headers(
                    1, false, StreamsCaller.request("POST", "/") + "\ncontent-length: 30000");
            caller.socket.getOutputStream().write(all.toByteArray());
            assertThat(caller.answer(1).content.toString()).isEqualTo("x".repeat(30_000));
        }
    }

    @Test
    void clientsThatAreAnsweredEarlyMayStillSend() throws Exception {
        Proxy.Setup setup =
                new Proxy.Setup()
                        .pool("app", 1)
                        .route(Listener.Match.ANY, new Listener.Action.Respond(403, "no"));
        try (Proxy proxy = setup.start();
                StreamsCaller caller = new StreamsCaller(proxy.port)) {
            int answered = 0;
            for (int stream = 1; stream < 300; stream += 2) {
                caller.headers(stream, false, StreamsCaller.request("POST", "/"));
                for (int i = 0; i < 5; i++) {
                    caller.data(stream, false, "more");
                }
                caller.data(stream, true, "");
                answered += caller.answer(stream).status().equals("403") ? 1 : 0;
            }
            assertThat(answered).isEqualTo(150);
            assertThat(proxy.failed(Reason.BAD_REQUEST)).isZero();
        }
    }

    @Test
    void aCutConnectionHasItsAnswersFirst() throws Exception {
        try (Origin origin = new Origin(talk -> talk.read(100_000));
                Proxy proxy = Proxy.to(origin.port()).start();
                StreamsCaller caller = new StreamsCaller(proxy.port)) {
            caller.get(1, "/").next(StreamsCaller.SETTINGS);
            Proxy.eventually(() -> proxy.server("app").active() == 1, "begun");
            proxy.workers
                    .get(0)
                    .loop()
                    .submit(
                            () ->
                                    proxy.listening
                                            .clients(proxy.workers.get(0))
                                            .cut(Reason.STOPPING))
                    .sync();
            Answer answer = caller.answer(1);
            assertThat(answer.content).hasToString("503 stopping\n");
            assertThat(answer.ended).isTrue();
            assertThat(caller.ends()).isTrue();
        }
    }

    // ---- WebSocket (RFC 8441) ----

    private static final String CONNECT =
            """
                                            :method: CONNECT
                                            :protocol: websocket
                                            :scheme: http
                                            :path: /ws
                                            :authority: a.example
                                            sec-websocket-version: 13
                                            origin: http://a.example""";

    private static String accept(String head) throws Exception {
        String key = head.substring(head.indexOf("Sec-WebSocket-Key: ") + 19).split("\n", 2)[0];
        byte[] proof =
                MessageDigest.getInstance("SHA-1")
                        .digest(
                                (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
                                        .getBytes(StandardCharsets.US_ASCII));
        return Base64.getEncoder().encodeToString(proof);
    }

    private static void switches(Origin.Talk talk, String behind) {
        try {
            String head = talk.head();
            talk.send(
                    "HTTP/1.1 101 Switching Protocols\nConnection: upgrade\nUpgrade: websocket\n"
                            + "Sec-WebSocket-Accept: "
                            + accept(head)
                            + "\nSec-WebSocket-Protocol: chat\n\n"
                            + behind);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aWebSocketRunsOnAStream() throws Exception {
        try (Origin origin =
                        new Origin(
                                talk -> {
                                    switches(talk, "hi");
                                    String said = talk.read(4);
                                    talk.write("<" + said + ">");
                                    assertThat(talk.ended()).isTrue();
                                    talk.write("bye");
                                });
                Proxy proxy = Proxy.to(origin.port()).start();
                StreamsCaller caller = new StreamsCaller(proxy.port)) {
            caller.headers(1, false, CONNECT);
            Frame head = caller.next(StreamsCaller.HEADERS);
            assertThat(head.fields()).isEqualTo(":status: 200\nsec-websocket-protocol: chat\n");
            assertThat(head.ends()).isFalse();
            assertThat(caller.next(StreamsCaller.DATA).text()).isEqualTo("hi");
            caller.data(1, false, "echo");
            assertThat(caller.next(StreamsCaller.DATA).text()).isEqualTo("<echo>");
            caller.data(1, true, "");
            Frame last = caller.next(StreamsCaller.DATA);
            assertThat(last.text()).isEqualTo("bye");
            assertThat(last.ends() || caller.next(StreamsCaller.DATA).ends()).isTrue();
            assertThat(origin.received())
                    .startsWith("GET /ws HTTP/1.1\nHost: a.example\n")
                    .contains("\nConnection: Upgrade\nUpgrade: websocket\n")
                    .contains("sec-websocket-version: 13\n");
            Proxy.eventually(() -> proxy.server("app").active() == 0, "given back");
            // The connection lives on for others.
            assertThat(proxy.failed(Reason.CLIENT_CLOSED)).isZero();
        }
    }

    @Test
    void aServerThatDoesNotProveTheUpgradeIsNotBelieved() throws Exception {
        try (Origin origin =
                        new Origin(
                                talk -> {
                                    talk.head();
                                    talk.send(
                                            """
                                            HTTP/1.1 101 Switching Protocols
                                            Connection: upgrade
                                            Upgrade: websocket
                                            Sec-WebSocket-Accept: made-up

                                            """);
                                });
                Proxy proxy = Proxy.to(origin.port()).start();
                StreamsCaller caller = new StreamsCaller(proxy.port)) {
            Answer answer = caller.headers(1, false, CONNECT).answer(1);
            assertThat(answer.status()).isEqualTo("502");
            assertThat(answer.content).hasToString("502 bad-response\n");
        }
    }

    /** RFC 8441 4 and RFC 9110 7.8: before the server has switched, nothing is for it. */
    @Test
    void whatTheClientSaysEarlyReachesNoServerThatDoesNotSwitch() throws Exception {
        AtomicInteger more = new AtomicInteger();
        try (Origin origin =
                        new Origin(
                                talk -> {
                                    talk.head();
                                    talk.socket.setSoTimeout(500);
                                    try {
                                        more.addAndGet(talk.read(1).length());
                                    } catch (java.net.SocketTimeoutException nothing) {
                                        // As it should be.
                                    }
                                    talk.send("HTTP/1.1 404 Not Found\nContent-Length: 2\n\nno");
                                });
                Proxy proxy = Proxy.to(origin.port()).start();
                StreamsCaller caller = new StreamsCaller(proxy.port)) {
            caller.headers(1, false, CONNECT);
            caller.data(1, true, "GET /admin HTTP/1.1\r\nHost: a.example\r\n\r\n");
            Answer answer = caller.answer(1);
            assertThat(answer.status()).isEqualTo("404");
            assertThat(answer.content).hasToString("no");
            assertThat(more).hasValue(0);
            Proxy.eventually(() -> proxy.server("app").active() == 0, "given back");
        }
    }

    @Test
    void whatTheClientSaysEarlyReachesTheServerThatSwitches() throws Exception {
        try (Origin origin =
                        new Origin(
                                talk -> {
                                    switches(talk, "");
                                    talk.write("<" + talk.read(5) + ">");
                                    assertThat(talk.ended()).isTrue();
                                });
                Proxy proxy = Proxy.to(origin.port()).start();
                StreamsCaller caller = new StreamsCaller(proxy.port)) {
            caller.headers(1, false, CONNECT).data(1, true, "early");
            Answer answer = caller.answer(1);
            assertThat(answer.status()).isEqualTo("200");
            assertThat(answer.content).hasToString("<early>");
        }
    }

    /** It would mean that the WebSocket stands. */
    @Test
    void aPageIsNoAnswerToAnUpgrade() throws Exception {
        try (Origin origin = Origin.answering("a page");
                Proxy proxy = Proxy.to(origin.port()).start();
                StreamsCaller caller = new StreamsCaller(proxy.port)) {
            assertThat(caller.headers(1, false, CONNECT).answer(1).content)
                    .hasToString("502 bad-response\n");
        }
    }
}
