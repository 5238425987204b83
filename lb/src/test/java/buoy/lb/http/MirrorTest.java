package buoy.lb.http;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Listener.Action;
import buoy.config.model.Listener.Guard;
import buoy.config.model.Listener.Match;
import buoy.config.model.Listener.Route;
import buoy.config.model.Listener.RouteTimeouts;
import buoy.lb.pool.Duty;
import buoy.lb.pool.Reason;
import buoy.lb.pool.Server;
import buoy.lb.pool.Totals;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Copies of requests, between a raw client and raw servers. */
class MirrorTest {
    private static final int MEGABYTE = 1 << 20;

    private static Proxy mirroring(int app, int canary) throws Exception {
        return Proxy.to(app)
                .pool("canary", canary)
                .route(
                        new Route(
                                Match.ANY,
                                new Action.ToPool("app"),
                                Optional.of("/v1"),
                                RouteTimeouts.NONE,
                                Guard.NONE,
                                Optional.of("canary")))
                .start();
    }

    private static Totals copies(Proxy proxy) {
        return proxy.listening.mirroredTotals();
    }

    /** Says what it got of each body. */
    private static Origin echoing(int length, List<String> got) throws Exception {
        return new Origin(
                talk -> {
                    while (!talk.head().isEmpty()) {
                        String body = talk.read(length);
                        synchronized (got) {
                            got.add(body);
                        }
                        talk.ok("seen");
                    }
                });
    }

    @Test
    void bothGetTheRequestAndTheClientOneAnswer() throws Exception {
        try (Origin app = Origin.answering("app");
                Origin canary = Origin.answering("canary, and much longer");
                Proxy proxy = mirroring(app.port(), canary.port());
                Caller caller = proxy.call()) {
            for (int i = 0; i < 3; i++) {
                assertThat(caller.get("/v1/x?y").response()).endsWith("\napp");
                String head = app.received();
                assertThat(head).startsWith("GET /x?y HTTP/1.1\n");
                assertThat(canary.received()).isEqualTo(head);
                // The next client's request may come before the copy has given its connection back.
                int copies = i + 1;
                Proxy.eventually(() -> copies(proxy).finished() == copies, "the copy");
            }
            assertThat(proxy.listening.totals().finished()).isEqualTo(3);
            assertThat(proxy.server("canary").totals().finished()).isEqualTo(3);
            assertThat(canary.connections()).as("kept").isEqualTo(1);
        }
    }

    @Test
    void contentIsCopiedAsItComes() throws Exception {
        List<String> atApp = new ArrayList<>();
        List<String> atCanary = new ArrayList<>();
        String chunks = "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
        try (Origin app = echoing(chunks.length(), atApp);
                Origin canary = echoing(chunks.length(), atCanary);
                Proxy proxy = mirroring(app.port(), canary.port());
                Caller caller = proxy.call()) {
            caller.send("POST / HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n3\nab");
            assertThat(app.received()).isEqualTo(canary.received());
            caller.send("c\n2\nde\n");
            caller.send("0\n\n");
            assertThat(caller.response()).endsWith("seen");
            caller.send("POST / HTTP/1.1\nHost: a\nContent-Length: 20\n\n12345");
            caller.send("678901234567890");
            assertThat(caller.response()).endsWith("seen");
            Proxy.eventually(() -> copies(proxy).finished() == 2, "two copies");
        }
        assertThat(atApp).isEqualTo(atCanary).containsExactly(chunks, "12345678901234567890");
    }

    @Test
    void aRequestOverHttp2IsCopiedToo() throws Exception {
        List<String> atApp = new ArrayList<>();
        List<String> atCanary = new ArrayList<>();
        String body = "x".repeat(3000);
        try (Origin app = echoing(body.length(), atApp);
                Origin canary = echoing(body.length(), atCanary);
                Proxy proxy = mirroring(app.port(), canary.port());
                StreamsCaller caller = new StreamsCaller(proxy.port)) {
            caller.headers(1, false, StreamsCaller.request("POST", "/") + "\ncontent-length: 3000")
                    .data(1, true, body);
            assertThat(caller.answer(1).content).hasToString("seen");
            Proxy.eventually(() -> copies(proxy).finished() == 1, "the copy");
        }
        assertThat(atApp).isEqualTo(atCanary).containsExactly(body);
    }

    @Test
    void aMirrorThatIsGoneOrHangsIsNotWaitedFor() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        try (Origin app = Origin.answering("app");
                Origin hanging = new Origin(talk -> await(over));
                Proxy gone = mirroring(app.port(), FailureTest.deadPort());
                Proxy hung = mirroring(app.port(), hanging.port());
                Caller first = gone.call();
                Caller second = hung.call()) {
            assertThat(first.get("/").response()).endsWith("\napp");
            Proxy.eventually(
                    () -> copies(gone).failures().containsKey(Reason.SERVER_REFUSED),
                    "the copy's failure");
            assertThat(gone.listening.totals().failures()).isEmpty();

            // One more than may be under way at a time.
            for (int i = 0; i <= MirrorBounds.MOST; i++) {
                assertThat(second.get("/").response()).endsWith("\napp");
            }
            assertThat(copies(hung).failures()).isEqualTo(Map.of(Reason.MIRROR_LIMIT, 1L));
            over.countDown();
            Proxy.eventually(
                    () -> copies(hung).failed() == MirrorBounds.MOST + 1,
                    "the copies to fail with their server");
            assertThat(second.get("/").response()).endsWith("\napp");
            Proxy.eventually(
                    () -> copies(hung).failed() == MirrorBounds.MOST + 2, "another to be made");
        } finally {
            over.countDown();
        }
    }

    private static void await(CountDownLatch over) {
        try {
            over.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aSlowMirrorDoesNotHoldTheRequestBack() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        int length = 64 * MEGABYTE;
        try (Origin app =
                        new Origin(
                                talk -> {
                                    talk.head();
                                    assertThat(talk.read(length)).hasSize(length);
                                    talk.ok("all of it");
                                });
                Origin slow =
                        new Origin(
                                talk -> {
                                    talk.head();
                                    await(over);
                                });
                Proxy proxy = mirroring(app.port(), slow.port());
                Caller caller = proxy.call()) {
            caller.send("PUT / HTTP/1.1\nHost: a\nContent-Length: " + length + "\n\n");
            String piece = "x".repeat(MEGABYTE);
            for (int i = 0; i < 64; i++) {
                caller.send(piece);
            }
            assertThat(caller.response()).endsWith("all of it");
            assertThat(copies(proxy).failures()).isEqualTo(Map.of(Reason.MIRROR_LIMIT, 1L));
        } finally {
            over.countDown();
        }
    }

    @Test
    void aRequestThatFailsAtOnceIsAnsweredAndNotCopied() throws Exception {
        try (Origin canary = Origin.answering("canary");
                Proxy proxy = mirroring(FailureTest.deadPort(), canary.port())) {
            Objects.requireNonNull(proxy.pools.get("app"))
                    .order(
                            proxy.server("app"),
                            new Server.Orders(
                                    Duty.MAINTENANCE, Instant.now(), OptionalInt.empty()));
            try (Caller caller = proxy.call()) {
                caller.send("PUT / HTTP/1.1\nHost: a\nContent-Length: 9\n\nhal");
                assertThat(caller.head()).startsWith("HTTP/1.1 503 ");
            }
            try (StreamsCaller caller = new StreamsCaller(proxy.port)) {
                caller.headers(
                        1, false, StreamsCaller.request("POST", "/") + "\ncontent-length: 3000");
                assertThat(caller.answer(1).status()).isEqualTo("503");
                caller.get(3, "/");
                assertThat(caller.answer(3).status()).isEqualTo("503");
            }
            Proxy.eventually(
                    () -> copies(proxy).failures().getOrDefault(Reason.NO_SERVER_UP, 0L) == 2,
                    "the copies of what broke off");
            Proxy.eventually(() -> copies(proxy).finished() == 1, "the copy of what was whole");
        }
    }

    @Test
    void aBodyThatEndsBeforeTheConnectionStandsIsComplete() throws Exception {
        List<String> atCanary = new ArrayList<>();
        CountDownLatch copied = new CountDownLatch(1);
        try (Origin app =
                        new Origin(
                                talk -> {
                                    talk.head();
                                    talk.read(9);
                                    talk.send(
                                            "HTTP/1.1 200 OK\nConnection: close\nContent-Length: 3\n\n");
                                    talk.write("app");
                                });
                Origin canary =
                        new Origin(
                                talk -> {
                                    talk.head();
                                    String body = talk.read(9);
                                    await(copied);
                                    synchronized (atCanary) {
                                        atCanary.add(body);
                                    }
                                    talk.ok("late");
                                });
                Proxy proxy = mirroring(app.port(), canary.port())) {
            for (int i = 0; i < 20; i++) {
                try (Caller caller = proxy.call()) {
                    caller.send("PUT / HTTP/1.1\nHost: a\nContent-Length: 9\n\nhal");
                    caller.send("f of i");
                    assertThat(caller.response()).endsWith("app");
                }
            }
            copied.countDown();
            Proxy.eventually(() -> copies(proxy).finished() == 20, "all of the copies");
        }
        assertThat(atCanary).hasSize(20).containsOnly("half of i");
    }

    @Test
    void aRequestThatBreaksOffEndsItsCopy() throws Exception {
        try (Origin app = new Origin(talk -> talk.head());
                Origin canary =
                        new Origin(
                                talk -> {
                                    talk.head();
                                    talk.ended();
                                });
                Proxy proxy = mirroring(app.port(), canary.port());
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port)) {
            socket.getOutputStream()
                    .write(
                            "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhal"
                                    .getBytes(StandardCharsets.US_ASCII));
            Proxy.eventually(() -> copies(proxy).failed() == 1, "the copy's end");
        }
    }
}
