package buoy.lb.http;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.lb.pool.Pool;
import buoy.lb.pool.Reason;
import buoy.lb.pool.ServerHealth;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests and responses between a raw client and a raw server. */
class ConversationTest {
    private static void byteByByte(Caller caller, String text) throws Exception {
        caller.socket.setTcpNoDelay(true);
        for (int i = 0; i < text.length(); i++) {
            caller.raw(text.substring(i, i + 1));
            LockSupport.parkNanos(3_000_000);
        }
    }

    @Test
    void whatIsSpokenMayBecomeClearByteByByte() throws Exception {
        try (Origin origin = Origin.answering("x");
                Proxy proxy = Proxy.to(origin.port()).start();
                Caller streams = new Caller(proxy.port);
                Caller post = new Caller(proxy.port);
                Caller wrong = new Caller(proxy.port)) {
            // The preface, and SETTINGS without any (RFC 9113 3.4, 6.5).
            byteByByte(streams, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0");
            assertThat(streams.read(5).charAt(3)).as("a frame of type SETTINGS").isEqualTo('\4');
            byteByByte(post, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
            assertThat(post.response()).startsWith("HTTP/1.1 200 OK");
            byteByByte(wrong, "PRX / HTTP/1.1\r\nHost: a\r\n\r\n");
            assertThat(wrong.response()).startsWith("HTTP/1.1 200 OK");
        }
    }

    @Test
    void whoBeginsAndStopsGetsATimeout() throws Exception {
        try (Origin origin = Origin.answering("x")) {
            Proxy.Setup setup = Proxy.to(origin.port());
            setup.headers = Duration.ofMillis(200);
            try (Proxy proxy = setup.start();
                    Caller caller = new Caller(proxy.port);
                    Caller gone = new Caller(proxy.port)) {
                gone.raw("P").close();
                assertThat(caller.raw("PRI").response()).startsWith("HTTP/1.1 408");
                Proxy.eventually(
                        () ->
                                proxy.failed(Reason.HEADER_TIMEOUT) == 1
                                        && proxy.failed(Reason.CLIENT_CLOSED) == 1,
                        "counted");
            }
        }
    }

    @Test
    void connectionsAreKeptOnBothSides() throws Exception {
        try (Origin origin = Origin.answering("hello");
                Proxy proxy = Proxy.to(origin.port()).start();
                Caller caller = proxy.call()) {
            for (int i = 0; i < 5; i++) {
                assertThat(caller.get("/" + i).response())
                        .isEqualTo("HTTP/1.1 200 OK\nContent-Length: 5\n\nhello");
                assertThat(origin.received())
                        .isEqualTo(
                                """
                                GET /%d HTTP/1.1
                                Host: a
                                X-Forwarded-For: 127.0.0.1
                                X-Forwarded-Proto: http
                                X-Forwarded-Port: %d
                                X-Forwarded-Host: a
                                Via: 1.1 buoy

                                """
                                        .formatted(i, proxy.port));
            }
            assertThat(origin.connections()).isEqualTo(1);
            assertThat(proxy.listening.totals().finished()).isEqualTo(5);
        }
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws Exception {
        try (Origin origin =
                        new Origin(
                                talk -> {
                                    for (String head = talk.head();
                                            !head.isEmpty();
                                            head = talk.head()) {
                                        talk.ok(head.substring(4, head.indexOf(" HTTP")));
                                    }
                                });
                Proxy proxy = Proxy.to(origin.port()).start();
                Caller caller = proxy.call()) {
            StringBuilder requests = new StringBuilder();
            for (int i = 0; i < 50; i++) {
                requests.append("GET /" + i + " HTTP/1.1\nHost: a\n\n");
            }
            caller.send(requests.toString());
            for (int i = 0; i < 50; i++) {
                assertThat(caller.response()).endsWith("\n\n/" + i);
            }
            assertThat(caller.get("/last").response()).endsWith("/last");
        }
    }

    @Test
    void aRequestInManyPiecesIsOneRequest() throws Exception {
        try (Origin origin =
                        new Origin(
                                talk -> {
                                    talk.head();
                                    talk.ok(talk.read(5));
                                });
                Proxy proxy = Proxy.to(origin.port()).start();
                Caller caller = proxy.call()) {
            for (char c :
                    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello".toCharArray()) {
                caller.raw(String.valueOf(c));
            }
            assertThat(caller.response()).endsWith("hello");
        }
    }

    @Test
    void chunkedBodiesPassBothWays() throws Exception {
        try (Origin origin =
                        new Origin(
                                talk -> {
                                    talk.head();
                                    String body = talk.read("5\r\nhello\r\n0\r\n\r\n".length());
                                    talk.write(
                                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                                    + body);
                                    talk.head();
                                    talk.ended();
                                });
                Proxy proxy = Proxy.to(origin.port()).start();
                Caller caller = proxy.call()) {
            caller.send("POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n");
            caller.send("5;ext\nhel").send("lo\n0\n").send("\n");
            assertThat(caller.head()).isEqualTo("HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n");
            assertThat(caller.read(15)).isEqualTo("5\r\nhello\r\n0\r\n\r\n");
            caller.get("/");
            assertThat(origin.received()).contains("Transfer-Encoding: chunked\n");
            assertThat(origin.received()).startsWith("GET /");
            assertThat(origin.connections()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\n\n -> 400 bad-request: no-host",
                "GET / HTTP/1.1\nHost: a\nHost: b\n\n -> 400 bad-request: several-hosts",
                "POST / HTTP/1.1\nHost: a\nContent-Length: 1\nTransfer-Encoding: chunked\n\n -> 400"
                        + " bad-request: length-and-chunked",
                "POST / HTTP/1.1\nHost: a\nTransfer-Encoding: xchunked\n\n -> 501 bad-request:"
                        + " bad-transfer-encoding",
                "GET / HTTP/1.1\nHost: a\nA : b\n\n -> 400 bad-request: space-before-colon",
                "GET /%00 HTTP/1.1\nHost: a\n\n -> 400 bad-request: bad-escape",
                "CONNECT a:80 HTTP/1.1\nHost: a\n\n -> 405 bad-request: connect-refused",
                "GET / HTTP/2.0\nHost: a\n\n -> 505 bad-request: unknown-version",
                "GET / HTTP/1.1\nHost: a\nExpect: x\n\n -> 417 bad-request: bad-expectation",
                "POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n5x -> 400 bad-request:"
                        + " bad-chunk",
            })
    void whatBreaksTheStandardIsAnsweredAndNeverForwarded(String line) throws Exception {
        String[] parts = line.split(" -> ", 2);
        try (Origin origin = Origin.answering("x");
                Proxy proxy = Proxy.to(origin.port()).start();
                Caller caller = proxy.call()) {
            // What follows a refused request must not become a request.
            caller.send(parts[0] + "GET /smuggled HTTP/1.1\nHost: a\n\n");
            String answer = caller.rest().replace("\r\n", "\n");
            assertThat(answer)
                    .startsWith("HTTP/1.1 " + parts[1].substring(0, 3))
                    .contains("Connection: close\n")
                    .contains("\n\n" + parts[1]);
            assertThat(answer.split("HTTP/1.1 [0-9]", -1)).hasSize(2);
            assertThat(origin.receivedNothing()).isTrue();
            assertThat(proxy.failed(Reason.BAD_REQUEST)).isEqualTo(1);
        }
    }

    @Test
    void rule16AHeadOverTheLimitsIsAnswered() throws Exception {
        try (Origin origin = Origin.answering("x");
                Proxy proxy = Proxy.to(origin.port()).start()) {
            try (Caller caller = proxy.call()) {
                caller.send("GET / HTTP/1.1\nHost: a\nA: " + "a".repeat(20_000));
                assertThat(caller.rest())
                        .startsWith("HTTP/1.1 431 ")
                        .contains("431 header-too-large");
            }
            try (Caller caller = proxy.call()) {
                caller.send("GET /" + "a".repeat(20_000));
                assertThat(caller.rest()).startsWith("HTTP/1.1 414 ");
            }
            try (Caller caller = proxy.call()) {
                caller.send("GET / HTTP/1.1\nHost: a\n" + "A: b\n".repeat(100) + "\n");
                assertThat(caller.rest()).startsWith("HTTP/1.1 431 ");
            }
            assertThat(origin.receivedNothing()).isTrue();
        }
    }

    @Test
    void rule16AResponseHeadOverTheLimitIs502() throws Exception {
        try (Origin origin =
                        new Origin(
                                talk -> {
                                    talk.head();
                                    talk.write("HTTP/1.1 200 OK\r\nA: " + "a".repeat(70_000));
                                    talk.ended();
                                });
                Proxy proxy = Proxy.to(origin.port()).start();
                Caller caller = proxy.call()) {
            assertThat(caller.get("/").response())
                    .startsWith("HTTP/1.1 502 ")
                    .endsWith("502 response-header-too-large\n");
        }
    }

    @Test
    void rule17AHeadMustArriveInTime() throws Exception {
        Proxy.Setup setup = new Proxy.Setup();
        setup.headers = java.time.Duration.ofMillis(300);
        try (Origin origin = Origin.answering("x");
                Proxy proxy = setup.pool("app", origin.port()).start();
                Caller caller = proxy.call()) {
            // Each byte on its own is in time; the whole is not.
            long start = System.nanoTime();
            String answer = "";
            caller.socket.setSoTimeout(50);
            while (answer.isEmpty()) {
                assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(15));
                caller.raw("A");
                try {
                    answer = caller.head();
                } catch (java.net.SocketTimeoutException _) {
                    // no answer yet
                }
            }
            assertThat(answer).startsWith("HTTP/1.1 408 ");
            assertThat(proxy.failed(Reason.HEADER_TIMEOUT)).isEqualTo(1);
            assertThat(origin.connections()).isZero();
        }
    }

    @Test
    void rule17ABodyMustGoOn() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        try (Origin origin =
                new Origin(
                        talk -> {
                            talk.head();
                            talk.read(2);
                            if (talk.ended()) {
                                closed.countDown();
                            }
                        })) {
            Proxy.Setup setup = Proxy.to(origin.port());
            setup.body = java.time.Duration.ofMillis(300);
            try (Proxy proxy = setup.start();
                    Caller caller = proxy.call()) {
                caller.send("POST / HTTP/1.1\nHost: a\nContent-Length: 5\n\nab");
                assertThat(caller.rest()).startsWith("HTTP/1.1 408 ").contains("408 body-timeout");
                assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
            }
        }
    }

    @Test
    void anIdleConnectionIsClosedWithoutAWord() throws Exception {
        try (Origin origin = Origin.answering("x")) {
            Proxy.Setup setup = Proxy.to(origin.port());
            setup.idle = java.time.Duration.ofMillis(300);
            try (Proxy proxy = setup.start();
                    Caller fresh = proxy.call();
                    Caller used = proxy.call()) {
                used.get("/").response();
                assertThat(used.rest()).isEmpty();
                assertThat(fresh.rest()).isEmpty();
            }
        }
    }

    @Test
    void rule18ContinueIsTheServersToSay() throws Exception {
        try (Origin origin =
                        new Origin(
                                talk -> {
                                    talk.head();
                                    talk.write("HTTP/1.1 100 Continue\r\n\r\n");
                                    talk.ok(talk.read(5));
                                });
                Proxy proxy = Proxy.to(origin.port()).start();
                Caller caller = proxy.call()) {
            caller.send("PUT / HTTP/1.1\nHost: a\nContent-Length: 5\nExpect: 100-continue\n\n");
            assertThat(caller.head()).isEqualTo("HTTP/1.1 100 Continue\n\n");
            assertThat(caller.send("hello").response()).endsWith("hello");
            assertThat(origin.received()).contains("Expect: 100-continue\n");
        }
    }

    @Test
    void rule18AFinalAnswerInPlaceOfContinueEndsTheConnection() throws Exception {
        try (Origin origin =
                        new Origin(
                                talk -> {
                                    talk.head();
                                    talk.ok("no");
                                    talk.ended();
                                });
                Proxy proxy = Proxy.to(origin.port()).start();
                Caller caller = proxy.call()) {
            caller.send("PUT / HTTP/1.1\nHost: a\nContent-Length: 5\nExpect: 100-continue\n\n");
            assertThat(caller.rest().replace("\r\n", "\n"))
                    .isEqualTo("HTTP/1.1 200 OK\nContent-Length: 2\nConnection: close\n\nno");
        }
    }

    @Test
    void rule19InterimResponsesPass() throws Exception {
        Origin.Script script =
                talk -> {
                    talk.head();
                    talk.write("HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n");
                    talk.write("HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 200 OK\r\nContent-Le");
                    talk.write("ngth: 2\r\n\r\nok");
                    talk.ended();
                };
        try (Origin origin = new Origin(script);
                Proxy proxy = Proxy.to(origin.port()).start();
                Caller caller = proxy.call();
                Caller old = proxy.call()) {
            caller.get("/");
            assertThat(caller.head()).isEqualTo("HTTP/1.1 103 Early Hints\nLink: a\n\n");
            assertThat(caller.head()).isEqualTo("HTTP/1.1 102 Processing\n\n");
            assertThat(caller.response()).endsWith("\n\nok");
            old.send("GET / HTTP/1.0\nConnection: keep-alive\n\n");
            assertThat(old.head())
                    .isEqualTo("HTTP/1.1 200 OK\nContent-Length: 2\nConnection: keep-alive\n\n");
        }
    }

    @Test
    void rule20WhatHasNoBodyHasNone() throws Exception {
        try (Origin origin =
                        new Origin(
                                talk -> {
                                    talk.head();
                                    talk.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
                                    talk.head();
                                    talk.write("HTTP/1.1 204 No\r\nContent-Length: 5\r\n\r\n");
                                    talk.head();
                                    talk.write("HTTP/1.1 304 No\r\nContent-Length: 5\r\n\r\n");
                                    talk.head();
                                    talk.write(
                                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                                    talk.head();
                                    talk.ok("end");
                                    talk.ended();
                                });
                Proxy proxy = Proxy.to(origin.port()).start();
                Caller caller = proxy.call()) {
            caller.send("HEAD / HTTP/1.1\nHost: a\n\n");
            assertThat(caller.head()).contains("Content-Length: 5\n");
            caller.get("/");
            assertThat(caller.head()).startsWith("HTTP/1.1 204").doesNotContain("Content-Length");
            caller.get("/");
            assertThat(caller.head()).startsWith("HTTP/1.1 304").contains("Content-Length: 5\n");
            caller.send("HEAD / HTTP/1.1\nHost: a\n\n");
            assertThat(caller.head()).contains("Transfer-Encoding: chunked\n");
            assertThat(caller.get("/").response()).endsWith("end");
            assertThat(origin.connections()).isEqualTo(1);
        }
    }

    @Test
    void rule21BytesBehindAResponseAreNobodysAnswer() throws Exception {
        String poison = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison";
        try (Origin origin =
                        new Origin(
                                talk -> {
                                    talk.head();
                                    if (talk.number == 1) {
                                        talk.write(
                                                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
                                                        + poison);
                                    } else {
                                        talk.ok("good");
                                    }
                                    talk.ended();
                                });
                Proxy proxy = Proxy.to(origin.port()).start();
                Caller caller = proxy.call()) {
            assertThat(caller.get("/").response()).endsWith("ok");
            assertThat(caller.get("/").response()).endsWith("good");
            assertThat(origin.connections()).isEqualTo(2);
        }
    }

    @Test
    void rule21BytesOnAnIdleConnectionCloseIt() throws Exception {
        CountDownLatch poisoned = new CountDownLatch(1);
        try (Origin origin =
                        new Origin(
                                talk -> {
                                    talk.head();
                                    talk.ok("ok");
                                    if (talk.number == 1) {
                                        talk.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                                        if (talk.ended()) {
                                            poisoned.countDown();
                                        }
                                    }
                                    talk.ended();
                                });
                Proxy proxy = Proxy.to(origin.port()).start();
                Caller caller = proxy.call()) {
            assertThat(caller.get("/").response()).endsWith("ok");
            assertThat(poisoned.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(caller.get("/").response()).endsWith("ok");
            assertThat(origin.connections()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
                "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz",
                "HTTP/1.1 101 Switching\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n",
                "nonsense"
            })
    void rule21AMalformedResponseIs502(String response) throws Exception {
        try (Origin origin =
                        new Origin(
                                talk -> {
                                    talk.head();
                                    talk.write(response);
                                    talk.ended();
                                });
                Proxy proxy = Proxy.to(origin.port()).start();
                Caller caller = proxy.call()) {
            assertThat(caller.get("/").response())
                    .startsWith("HTTP/1.1 502 ")
                    .endsWith("502 bad-response\n");
            assertThat(proxy.failed(Reason.BAD_RESPONSE)).isEqualTo(1);
        }
    }

    @Test
    void rule21ChunkedBesideContentLengthIsReadAsChunkedAndEndsTheServersConnection()
            throws Exception {
        try (Origin origin =
                        new Origin(
                                talk -> {
                                    talk.head();
                                    talk.send(
                                            """
                                            HTTP/1.1 200 OK
                                            Content-Length: 3
                                            Transfer-Encoding: chunked

                                            2
                                            ok
                                            0

                                            """);
                                    talk.ended();
                                });
                Proxy proxy = Proxy.to(origin.port()).start();
                Caller caller = proxy.call()) {
            for (int i = 1; i <= 2; i++) {
                assertThat(caller.get("/").head()).doesNotContain("Content-Length");
                assertThat(caller.read(12)).isEqualTo("2\r\nok\r\n0\r\n\r\n");
                assertThat(origin.connections()).isEqualTo(i);
            }
        }
    }

    @Test
    void aBodyMayEndWithItsConnection() throws Exception {
        try (Origin origin =
                        new Origin(
                                talk -> {
                                    talk.head();
                                    talk.write("HTTP/1.1 200 OK\r\n\r\nall there is");
                                });
                Proxy proxy = Proxy.to(origin.port()).start();
                Caller caller = proxy.call()) {
            assertThat(caller.get("/").rest().replace("\r\n", "\n"))
                    .isEqualTo("HTTP/1.1 200 OK\nConnection: close\n\nall there is");
            assertThat(proxy.listening.totals().finished()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
            })
    void rule22ACutResponseIsNeverFinishedCleanly(String response) throws Exception {
        try (Origin origin =
                        new Origin(
                                talk -> {
                                    talk.head();
                                    talk.write(response);
                                });
                Proxy proxy = Proxy.to(origin.port()).start();
                Caller caller = proxy.call()) {
            assertThat(caller.get("/").end()).isEqualTo("reset");
            assertThat(proxy.failed(Reason.SERVER_CLOSED)).isEqualTo(1);
        }
    }

    @Test
    void rule24AnEarlyAnswerEndsBothConnections() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        try (Origin origin =
                        new Origin(
                                talk -> {
                                    talk.head();
                                    talk.ok("enough");
                                    if (talk.read(1000).length() < 1000) {
                                        closed.countDown();
                                    }
                                });
                Proxy proxy = Proxy.to(origin.port()).start();
                Caller caller = proxy.call()) {
            caller.send("POST / HTTP/1.1\nHost: a\nContent-Length: 1000\n\nab");
            assertThat(caller.rest()).contains("Connection: close").endsWith("enough");
            assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void http10ClientsGetPlainBodies() throws Exception {
        try (Origin origin =
                        new Origin(
                                talk -> {
                                    talk.head();
                                    talk.send(
                                            """
                                            HTTP/1.1 200 OK
                                            Transfer-Encoding: chunked

                                            5;x
                                            hello
                                            1
                                            !
                                            0
                                            A: b

                                            """);
                                    talk.ended();
                                });
                Proxy proxy = Proxy.to(origin.port()).start();
                Caller caller = proxy.call()) {
            caller.send("GET / HTTP/1.0\n\n");
            assertThat(caller.rest().replace("\r\n", "\n"))
                    .isEqualTo("HTTP/1.1 200 OK\nConnection: close\n\nhello!");
            assertThat(origin.received()).startsWith("GET / HTTP/1.1\n");
        }
    }

    @Test
    void aClientMayCloseItsHalfBehindTheRequest() throws Exception {
        try (Origin origin = Origin.answering("still there");
                Proxy proxy = Proxy.to(origin.port()).start();
                Caller caller = proxy.call()) {
            caller.get("/a").get("/b").shutdownOutput();
            assertThat(caller.rest()).containsSubsequence("still there", "still there");
        }
    }

    @Test
    void aClientThatIsGoneFreesItsServer() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        try (Origin origin =
                        new Origin(
                                talk -> {
                                    talk.head();
                                    if (talk.ended()) {
                                        closed.countDown();
                                    }
                                });
                Proxy proxy = Proxy.to(origin.port()).start();
                Caller caller = proxy.call()) {
            caller.get("/");
            origin.received();
            caller.socket.setSoLinger(true, 0);
            caller.hangUp();
            assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
            Proxy.eventually(() -> proxy.failed(Reason.CLIENT_RESET) == 1, "counted");
            assertThat(proxy.server("app").active()).isZero();
        }
    }

    @Test
    void rule24ItStaysWithItsServerWhileThatTakesWork() throws Exception {
        try (Origin a = negotiating("a");
                Origin b = negotiating("b");
                Proxy proxy = Proxy.to(a.port(), b.port()).start();
                Caller caller = proxy.call()) {
            String first = caller.get("/").response();
            for (int i = 0; i < 3; i++) {
                assertThat(caller.get("/").response()).isEqualTo(first);
            }
            Pool pool = Objects.requireNonNull(proxy.pools.get("app"));
            pool.health(
                    pool.servers().get(first.endsWith("a") ? 0 : 1),
                    new ServerHealth(ServerHealth.State.DOWN, Instant.EPOCH, "test"));
            assertThat(caller.get("/").response()).endsWith(first.endsWith("a") ? "b" : "a");
        }
    }

    private static Origin negotiating(String name) throws IOException {
        return Origin.negotiating(_ -> name, () -> {});
    }

    @Test
    void rule24AnAuthenticatedConnectionIsItsClientsAlone() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        try (Origin origin = Origin.negotiating(talk -> talk.number, ended::countDown);
                Proxy proxy = Proxy.to(origin.port()).start();
                Caller other = proxy.call();
                Caller caller = proxy.call()) {
            assertThat(caller.get("/").response()).endsWith("1");
            assertThat(other.get("/").response()).endsWith("2");
            assertThat(caller.get("/").response()).endsWith("1");
            assertThat(other.get("/").response()).endsWith("2");
            caller.hangUp();
            assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }
}
