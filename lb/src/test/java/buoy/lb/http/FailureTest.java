package buoy.lb.http;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Pool.When;
import buoy.lb.listen.CameTo;
import buoy.lb.pool.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Servers that refuse, close, stall; clients that send garbage; control that ends things. */
class FailureTest {
    static int deadPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Test
    void aRefusedConnectNeverReachesTheClient() throws Exception {
        try (Origin origin = Origin.answering("ok");
                Proxy proxy = Proxy.to(deadPort(), origin.port(), deadPort()).start()) {
            for (int i = 0; i < 10; i++) {
                try (Caller caller = proxy.call()) {
                    assertThat(
                                    caller.send("POST / HTTP/1.1\nHost: a\nContent-Length: 2\n\nhi")
                                            .response())
                            .startsWith("HTTP/1.1 200 OK");
                }
            }
        }
    }

    @Test
    void withoutAnyServerTheReasonIsNamedAndTheConnectionKept() throws Exception {
        try (Proxy proxy = Proxy.to(deadPort()).start();
                Caller caller = proxy.call()) {
            for (int i = 0; i < 2; i++) {
                assertThat(caller.get("/").response())
                        .isEqualTo(
                                """
                                HTTP/1.1 502 Bad Gateway
                                Content-Type: text/plain
                                Cache-Control: no-store
                                Content-Length: 19

                                502 server-refused
                                """);
            }
            caller.send("HEAD / HTTP/1.1\nHost: a\n\n");
            assertThat(caller.head()).startsWith("HTTP/1.1 502 ");
            assertThat(proxy.failed(Reason.SERVER_REFUSED)).isGreaterThanOrEqualTo(2);
        }
        try (Proxy proxy = Proxy.to().start();
                Caller caller = proxy.call()) {
            assertThat(caller.get("/").response())
                    .startsWith("HTTP/1.1 503 ")
                    .endsWith("503 no-server-up\n");
        }
    }

    /** Closes each connection without a word, or answers each request with this. */
    private static Origin bad(String answer) throws IOException {
        return new Origin(
                talk -> {
                    while (!talk.head().isEmpty() && !answer.isEmpty()) {
                        talk.send(answer);
                    }
                });
    }

    private static Proxy.Setup retrying(When when, int... ports) {
        Proxy.Setup setup = Proxy.to(ports);
        setup.when = when;
        return setup;
    }

    @Test
    void aConnectionLostBeforeTheAnswerIsAnsweredByAnotherServerIfTheRuleSaysSo() throws Exception {
        try (Origin bad = bad("");
                Origin good = Origin.answering("ok")) {
            When reset = new When(true, true, Set.of());
            try (Proxy proxy = retrying(reset, bad.port(), good.port()).start();
                    Caller caller = proxy.call()) {
                for (int i = 0; i < 6; i++) {
                    assertThat(caller.get("/").response()).startsWith("HTTP/1.1 200 ");
                }
                assertThat(proxy.server("app").totals().failures())
                        .containsKey(Reason.SERVER_CLOSED);
            }
            try (Proxy proxy = retrying(reset, bad.port(), good.port()).start()) {
                int lost = 0;
                for (int i = 0; i < 4; i++) {
                    // What has a body, or another method, may have been done already.
                    String request =
                            i < 2
                                    ? "POST / HTTP/1.1\nHost: a\n\n"
                                    : "GET / HTTP/1.1\nHost: a\nContent-Length: 2\n\nhi";
                    try (Caller caller = proxy.call()) {
                        lost += caller.send(request).response().startsWith("HTTP/1.1 502") ? 1 : 0;
                    }
                }
                assertThat(lost).isEqualTo(2);
            }
            try (Proxy proxy = retrying(When.CONNECT, bad.port(), good.port()).start()) {
                int lost = 0;
                for (int i = 0; i < 2; i++) {
                    try (Caller caller = proxy.call()) {
                        lost += caller.get("/").response().startsWith("HTTP/1.1 502") ? 1 : 0;
                    }
                }
                assertThat(lost).isEqualTo(1);
            }
        }
    }

    @Test
    void aStatusOfTheRuleIsAnsweredByAnotherServerAndElseGoesThrough() throws Exception {
        String unwell = "HTTP/1.1 503 Unwell\nContent-Length: 4\n\nhelp";
        When on503 = new When(true, false, Set.of(503));
        try (Origin bad = bad(unwell);
                Origin good = Origin.answering("ok")) {
            try (Proxy proxy = retrying(on503, bad.port(), good.port()).start();
                    Caller caller = proxy.call()) {
                for (int i = 0; i < 6; i++) {
                    assertThat(caller.get("/").response()).startsWith("HTTP/1.1 200 ");
                }
                assertThat(proxy.server("app").totals().answers().get(4)).isPositive();
            }
            // Nobody is left to ask: the server's own answer is the client's.
            try (Proxy proxy = retrying(on503, bad.port()).start();
                    Caller caller = proxy.call()) {
                for (int i = 0; i < 3; i++) {
                    assertThat(caller.get("/").response())
                            .startsWith("HTTP/1.1 503 Unwell")
                            .endsWith("help");
                }
            }
        }
    }

    @Test
    void noMoreTriesThanTheRuleAllows() throws Exception {
        try (Origin a = bad("");
                Origin b = bad("");
                Origin c = bad("");
                Origin d = bad("");
                Proxy proxy =
                        retrying(
                                        new When(true, true, Set.of()),
                                        a.port(),
                                        b.port(),
                                        c.port(),
                                        d.port())
                                .start();
                Caller caller = proxy.call()) {
            assertThat(caller.get("/").response()).endsWith("502 server-closed\n");
            assertThat(a.connections() + b.connections() + c.connections() + d.connections())
                    .isEqualTo(3);
        }
    }

    @Test
    void rule23AStaleConnectionIsRetriedOnceForSafeMethods() throws Exception {
        // Every connection serves one request, and closes when the second arrives.
        Origin.Script script =
                talk -> {
                    talk.head();
                    talk.ok("n" + talk.number);
                    talk.head();
                };
        try (Origin origin = new Origin(script);
                Proxy proxy = Proxy.to(origin.port()).start();
                Caller caller = proxy.call()) {
            for (int i = 1; i <= 4; i++) {
                assertThat(caller.get("/").response()).endsWith("n" + i);
            }
            assertThat(caller.send("DELETE / HTTP/1.1\nHost: a\n\n").response())
                    .startsWith("HTTP/1.1 502 ")
                    .endsWith("502 server-closed\n");
        }
    }

    @Test
    void rule23ABodyIsNeverSentTwice() throws Exception {
        Origin.Script script =
                talk -> {
                    talk.head();
                    talk.ok("ok");
                    talk.head();
                };
        Proxy.Setup setup;
        try (Origin origin = new Origin(script)) {
            setup = Proxy.to(origin.port());
            setup.retried = java.util.Set.of("GET", "PUT");
            try (Proxy proxy = setup.start();
                    Caller caller = proxy.call()) {
                caller.get("/").response();
                assertThat(
                                caller.send("PUT / HTTP/1.1\nHost: a\nContent-Length: 2\n\nhi")
                                        .response())
                        .endsWith("502 server-closed\n");
                assertThat(origin.connections()).isEqualTo(1);
            }
        }
    }

    @Test
    void aSilentServerIs504() throws Exception {
        try (Origin origin =
                new Origin(
                        talk -> {
                            talk.head();
                            talk.ended();
                        })) {
            Proxy.Setup setup = Proxy.to(origin.port());
            setup.response = Duration.ofMillis(300);
            try (Proxy proxy = setup.start();
                    Caller caller = proxy.call()) {
                assertThat(caller.get("/").response())
                        .startsWith("HTTP/1.1 504 ")
                        .endsWith("504 response-timeout\n");
                assertThat(proxy.failed(Reason.RESPONSE_TIMEOUT)).isEqualTo(1);
            }
        }
    }

    @Test
    void aStalledAnswerIsCut() throws Exception {
        try (Origin origin =
                new Origin(
                        talk -> {
                            talk.head();
                            talk.write("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
                            talk.ended();
                        })) {
            Proxy.Setup setup = Proxy.to(origin.port());
            setup.responseIdle = Duration.ofMillis(300);
            try (Proxy proxy = setup.start();
                    Caller caller = proxy.call()) {
                assertThat(caller.get("/").end()).isEqualTo("reset");
                assertThat(proxy.failed(Reason.RESPONSE_IDLE)).isEqualTo(1);
            }
        }
    }

    @Test
    void aClientThatTakesNothingIsCut() throws Exception {
        try (Origin origin =
                new Origin(
                        talk -> {
                            talk.head();
                            talk.write("HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n");
                            String block = "x".repeat(100_000);
                            for (int i = 0; i < 1000; i++) {
                                talk.write(block);
                            }
                        })) {
            Proxy.Setup setup = Proxy.to(origin.port());
            setup.body = Duration.ofMillis(300);
            setup.idle = Duration.ofMillis(300);
            try (Proxy proxy = setup.start();
                    Caller caller = proxy.call()) {
                caller.get("/").head();
                Proxy.eventually(() -> proxy.failed(Reason.CLIENT_STALLED) == 1, "cut");
            }
        }
    }

    @Test
    void drainingAnswersWithCloseAndClosesWhatIsIdle() throws Exception {
        java.util.concurrent.CountDownLatch answer = new java.util.concurrent.CountDownLatch(1);
        try (Origin origin =
                        new Origin(
                                talk -> {
                                    for (String head = talk.head();
                                            !head.isEmpty();
                                            head = talk.head()) {
                                        try {
                                            if (!head.contains("/first")) {
                                                answer.await();
                                            }
                                        } catch (InterruptedException e) {
                                            throw new IOException(e);
                                        }
                                        talk.ok("last");
                                    }
                                });
                Proxy proxy = Proxy.to(origin.port()).start();
                Caller idle = proxy.call();
                Caller silent = proxy.call();
                Caller busy = proxy.call()) {
            idle.get("/first").response();
            busy.get("/");
            origin.received();
            proxy.workers.runOnEach(
                    worker -> proxy.listening.clients(worker).drain(new CameTo.Anywhere()));
            assertThat(idle.rest()).isEmpty();
            assertThat(silent.rest()).as("given a moment for its first request").isEmpty();
            answer.countDown();
            assertThat(busy.rest().replace("\r\n", "\n"))
                    .isEqualTo("HTTP/1.1 200 OK\nContent-Length: 4\nConnection: close\n\nlast");
        }
    }

    @Test
    void whatIsCutGetsTheReason() throws Exception {
        try (Origin origin =
                        new Origin(
                                talk -> {
                                    talk.head();
                                    talk.ended();
                                });
                Proxy proxy = Proxy.to(origin.port()).start();
                Caller caller = proxy.call()) {
            caller.get("/");
            origin.received();
            proxy.workers.runOnEach(
                    worker -> proxy.server("app").roster(worker).cut(Reason.SERVER_DOWN));
            assertThat(caller.response()).startsWith("HTTP/1.1 503 ").endsWith("503 server-down\n");
        }
    }

    @Test
    void garbageIsCountedAndHarmsNobody() throws Exception {
        Random random = new Random(1);
        try (Origin origin = Origin.answering("fine");
                Proxy proxy = Proxy.to(origin.port()).start();
                Caller good = proxy.call()) {
            for (int i = 0; i < 300; i++) {
                byte[] noise = new byte[1 + random.nextInt(2000)];
                random.nextBytes(noise);
                try (Caller bad = proxy.call()) {
                    bad.raw(new String(noise, java.nio.charset.StandardCharsets.ISO_8859_1));
                    if (i % 10 == 0) {
                        assertThat(good.get("/").response()).endsWith("fine");
                    }
                } catch (IOException _) {
                    // refused and closed while it was still sending
                }
            }
            assertThat(good.get("/").response()).endsWith("fine");
            assertThat(proxy.failed(Reason.INTERNAL)).isZero();
            assertThat(proxy.failed(Reason.BAD_REQUEST)).isPositive();
            for (int i = 0; i < 31; i++) {
                origin.received();
            }
            assertThat(origin.receivedNothing()).isTrue();
        }
    }
}
