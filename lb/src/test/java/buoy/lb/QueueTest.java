package buoy.lb;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Config;
import buoy.config.model.Pool;
import buoy.lb.kit.Await;
import buoy.lb.kit.Configs;
import buoy.lb.kit.Running;
import buoy.lb.kit.TestServer;
import buoy.lb.pool.Duty;
import buoy.lb.pool.Reason;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** {@code max-connections} of servers, and the line before them. Two workers. */
class QueueTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private static Config config(Pool... pools) {
        return Configs.of(
                List.of(
                        Configs.tcp("in", "app"),
                        Configs.http("web", List.of(Configs.loopback(0)), "app")),
                List.of(pools));
    }

    /** A server that takes one client at a time. */
    private static Running before(TestServer server, int most, Duration queue) throws Exception {
        return Running.start(
                config(Configs.bounded(Configs.pool("app", server.endpoint()), 1, most, queue)));
    }

    private static void awaitWaiting(Running buoy, int count) {
        Await.until(count + " wait", () -> buoy.pool("app").waiting() == count);
    }

    /** So many clients that wait, in the order in which they came. */
    private static List<Socket> inLine(Running buoy, int count) throws IOException {
        List<Socket> waiting = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            waiting.add(buoy.connect("in"));
            awaitWaiting(buoy, i);
        }
        return waiting;
    }

    /** Reads one octet: the server has the client. */
    private static boolean isServed(Socket client) throws IOException {
        return client.getInputStream().read() >= 0;
    }

    private static TestServer greeting() {
        return TestServer.start(
                socket -> {
                    socket.getOutputStream().write('!');
                    socket.getInputStream().transferTo(OutputStream.nullOutputStream());
                });
    }

    @Test
    void whoCameFirstIsServedFirst() throws Exception {
        try (TestServer server = greeting();
                Running buoy = before(server, 100, LONG);
                Socket holder = buoy.connect("in")) {
            assertThat(isServed(holder)).isTrue();
            List<Socket> waiting = inLine(buoy, 10);
            assertThat(server.accepted()).isEqualTo(1);
            // One who gives up is passed over.
            Socket impatient = waiting.remove(4);
            impatient.setSoLinger(true, 0);
            impatient.close();
            awaitWaiting(buoy, 9);
            holder.shutdownOutput();
            for (int i = 0; i < waiting.size(); i++) {
                assertThat(isServed(waiting.get(i))).isTrue();
                assertThat(server.accepted()).isEqualTo(2 + i);
                awaitWaiting(buoy, waiting.size() - 1 - i);
                waiting.get(i).close();
            }
        }
    }

    /** As a pause promises: whoever waits goes on waiting, as long as it lasts. */
    @Test
    void whoStandsInLineOfAPoolThatIsPausedWaitsForItsEnd() throws Exception {
        Duration queue = Duration.ofSeconds(3);
        try (TestServer server = greeting();
                Running buoy = before(server, 100, queue);
                Socket holder = buoy.connect("in")) {
            assertThat(isServed(holder)).isTrue();
            List<Socket> waiting = inLine(buoy, 3);
            Pause pause = buoy.balancer().pause("app").orElseThrow();
            long paused = System.nanoTime();
            Await.until(
                    "nobody could stand in line any more",
                    () -> System.nanoTime() - paused > queue.toNanos() * 4 / 3);
            assertThat(buoy.pool("app").waiting()).isEqualTo(3);
            assertThat(pause.underWay()).isEqualTo(1);
            assertThat(server.accepted()).isEqualTo(1);

            assertThat(buoy.balancer().resume("app")).contains(true);
            holder.shutdownOutput();
            for (Socket next : waiting) {
                // In any order: they have waited in the same room.
                next.shutdownOutput();
            }
            for (Socket next : waiting) {
                assertThat(isServed(next)).isTrue();
                next.close();
            }
            assertThat(buoy.listener("in").totals().failures()).isEmpty();
        }
    }

    @Test
    void theBoundIsExactAndNobodyIsForgotten() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        TestServer.Service service =
                socket -> {
                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    socket.getInputStream().read();
                    inside.decrementAndGet();
                    socket.getOutputStream().write('!');
                };
        try (TestServer a = TestServer.start(service);
                TestServer b = TestServer.start(service);
                Running buoy =
                        Running.start(
                                config(
                                        Configs.bounded(
                                                Configs.pool("app", a.endpoint(), b.endpoint()),
                                                2,
                                                1000,
                                                LONG)));
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Boolean>> calls = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                calls.add(
                        () -> {
                            try (Socket client = buoy.connect("in")) {
                                client.getOutputStream().write('?');
                                return isServed(client);
                            }
                        });
            }
            for (Future<Boolean> each : clients.invokeAll(calls)) {
                assertThat(each.get()).isTrue();
            }
            assertThat(most.get()).isLessThanOrEqualTo(4);
            awaitWaiting(buoy, 0);
            Await.until("nobody is left", () -> buoy.server("app", "s1").active() == 0);
            assertThat(buoy.listener("in").totals().failures()).isEmpty();
        }
    }

    @Test
    void waitingIsBoundedInTimeAndNumberAndSaysSo() throws Exception {
        try (TestServer server = greeting();
                Running buoy = before(server, 1, Duration.ofSeconds(1));
                Socket holder = buoy.connect("in")) {
            assertThat(isServed(holder)).isTrue();
            try (Socket first = buoy.connect("web");
                    Socket second = buoy.connect("web")) {
                ask(first);
                awaitWaiting(buoy, 1);
                ask(second);
                assertThat(answer(second)).startsWith("HTTP/1.1 503 ").endsWith("503 queue-full\n");
                assertThat(answer(first))
                        .startsWith("HTTP/1.1 503 ")
                        .endsWith("503 queue-timeout\n");
            }
            assertThat(buoy.listener("web").totals().failures())
                    .isEqualTo(Map.of(Reason.QUEUE_FULL, 1L, Reason.QUEUE_TIMEOUT, 1L));
            assertThat(buoy.pool("app").waiting()).isZero();
            assertThat(buoy.server("app", "s1").most()).hasValue(1);
        }
    }

    private static void ask(Socket client) throws IOException {
        client.getOutputStream()
                .write(
                        "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
    }

    private static String answer(Socket client) throws IOException {
        return new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }

    @Test
    void aReloadThatLiftsTheBoundLetsAllIn() throws Exception {
        try (TestServer server = greeting();
                Running buoy = before(server, 100, LONG);
                Socket holder = buoy.connect("in")) {
            assertThat(isServed(holder)).isTrue();
            try (Socket second = buoy.connect("in");
                    Socket third = buoy.connect("in")) {
                awaitWaiting(buoy, 2);
                buoy.apply(config(Configs.pool("app", server.endpoint())));
                assertThat(isServed(second)).isTrue();
                assertThat(isServed(third)).isTrue();
            }
        }
    }

    /** As many requests as wait do not make as many connections. */
    @Test
    void whoWaitedGoesOnWithAConnectionThatIsThere() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (TestServer server =
                        TestServer.start(
                                socket -> {
                                    while (hasRequest(socket)) {
                                        await(go);
                                        socket.getOutputStream()
                                                .write(
                                                        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
                                                                .getBytes(
                                                                        StandardCharsets.US_ASCII));
                                    }
                                });
                Running buoy = before(server, 100, LONG)) {
            List<Socket> clients = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                clients.add(buoy.connect("web"));
                ask(clients.getLast());
                awaitWaiting(buoy, i);
            }
            go.countDown();
            for (Socket client : clients) {
                assertThat(answer(client)).startsWith("HTTP/1.1 200 ");
                client.close();
            }
            // One for each worker: a worker has its own.
            assertThat(server.accepted()).isLessThanOrEqualTo(2);
        }
    }

    /** Reads one request's head. */
    private static boolean hasRequest(Socket socket) throws IOException {
        int newlines = 0;
        while (newlines < 2) {
            int octet = socket.getInputStream().read();
            if (octet < 0) {
                return false;
            }
            newlines = octet == '\n' ? newlines + 1 : octet == '\r' ? newlines : 0;
        }
        return true;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    /** However work ends, its place is free for the next. */
    @Test
    void noEndOfWorkKeepsAPlace() throws Exception {
        List<TestServer.Service> ends =
                List.of(
                        socket -> socket.close(),
                        socket -> {
                            hasRequest(socket);
                            say(socket, "garbage\r\n\r\n");
                        },
                        socket -> {
                            hasRequest(socket);
                            say(socket, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\npart");
                        },
                        socket -> {
                            hasRequest(socket);
                            say(socket, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                        },
                        socket -> {
                            hasRequest(socket);
                            say(
                                    socket,
                                    """
                                    HTTP/1.1 101 Switching
                                    Connection: upgrade
                                    Upgrade: websocket

                                    """
                                            .replace("\n", "\r\n"));
                        });
        AtomicInteger turn = new AtomicInteger();
        try (TestServer server =
                        TestServer.start(
                                socket ->
                                        ends.get(turn.getAndIncrement() % ends.size())
                                                .serve(socket));
                Running buoy = before(server, 100, LONG)) {
            for (int i = 0; i < 4 * ends.size(); i++) {
                try (Socket client = buoy.connect("web")) {
                    say(
                            client,
                            """
                            GET / HTTP/1.1
                            Host: a
                            Connection: Upgrade
                            Upgrade: websocket
                            Sec-WebSocket-Version: 13
                            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==

                            """
                                    .replace("\n", "\r\n"));
                    assertThat(client.getInputStream().read()).isPositive();
                    if (i % 2 == 0) {
                        client.setSoLinger(true, 0);
                    }
                }
            }
            Await.until("nobody is left", () -> buoy.server("app", "s1").active() == 0);
            awaitWaiting(buoy, 0);
            assertThat(buoy.listener("web").totals().failures())
                    .doesNotContainKeys(Reason.QUEUE_TIMEOUT, Reason.QUEUE_FULL);
        }
    }

    private static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** While the good one is busy the other is not asked over and over. */
    @Test
    void whoMeetsAServerThatRefusesWaitsForTheOther() throws Exception {
        try (TestServer good = greeting();
                Running buoy =
                        Running.start(
                                config(
                                        Configs.bounded(
                                                Configs.pool(
                                                        "app", good.endpoint(), Configs.unused()),
                                                1,
                                                100,
                                                LONG)));
                Socket holder = buoy.connect("in")) {
            assertThat(isServed(holder)).isTrue();
            List<Socket> waiting = inLine(buoy, 5);
            holder.shutdownOutput();
            for (Socket each : waiting) {
                // In any order: who was refused went to the end of the line.
                each.shutdownOutput();
            }
            for (Socket each : waiting) {
                assertThat(isServed(each)).isTrue();
                each.close();
            }
            assertThat(buoy.listener("in").totals().failures()).isEmpty();
            // It may be asked once a second, and by both workers at one time.
            assertThat(buoy.server("app", "s2").totals().failed()).isLessThan(20);
        }
    }

    @Test
    void whereTheOnlyServerIsTakenOutNobodyStandsInLineForIt() throws Exception {
        try (TestServer server = greeting();
                TestServer other = greeting();
                Running buoy =
                        Running.start(
                                config(
                                        Configs.withFallback(
                                                Configs.bounded(
                                                        Configs.pool("app", server.endpoint()),
                                                        1,
                                                        100,
                                                        LONG),
                                                "spare"),
                                        Configs.pool("spare", other.endpoint())));
                Socket holder = buoy.connect("in")) {
            assertThat(isServed(holder)).isTrue();
            try (Socket second = buoy.connect("in");
                    Socket third = buoy.connect("in")) {
                awaitWaiting(buoy, 2);
                assertThat(buoy.balancer().order("app", "s1", Duty.DRAIN)).isTrue();
                assertThat(isServed(second)).isTrue();
                assertThat(isServed(third)).isTrue();
                assertThat(other.accepted()).isEqualTo(2);
                assertThat(buoy.server("app", "s1").active()).isEqualTo(1);
            }
        }
    }

    @Test
    void aReloadThatReplacesTheServerLetsAllInThere() throws Exception {
        try (TestServer server = greeting();
                TestServer other = greeting();
                Running buoy = before(server, 100, LONG);
                Socket holder = buoy.connect("in")) {
            assertThat(isServed(holder)).isTrue();
            try (Socket second = buoy.connect("in");
                    Socket third = buoy.connect("in")) {
                awaitWaiting(buoy, 2);
                buoy.apply(
                        config(
                                Configs.bounded(
                                        Configs.pool("app", other.endpoint()), 2, 100, LONG)));
                assertThat(isServed(second)).isTrue();
                assertThat(isServed(third)).isTrue();
                assertThat(server.accepted()).isEqualTo(1);
            }
        }
    }

    /** Until the drain time is over they are served, and then nobody is let in any more. */
    @Test
    void whoStandsInLineOfAPoolThatLeavesHasItsDrainTime() throws Exception {
        Duration drain = Duration.ofSeconds(1);
        try (TestServer server = greeting();
                TestServer other = greeting();
                Running buoy =
                        Running.start(
                                config(
                                        Configs.draining(
                                                Configs.bounded(
                                                        Configs.pool("app", server.endpoint()),
                                                        1,
                                                        100,
                                                        LONG),
                                                drain)));
                Socket holder = buoy.connect("in")) {
            assertThat(isServed(holder)).isTrue();
            try (Socket second = buoy.connect("in");
                    Socket third = buoy.connect("in")) {
                awaitWaiting(buoy, 2);
                Pool next = Configs.pool("next", other.endpoint());
                buoy.apply(Configs.of(List.of(Configs.tcp("in", "next")), List.of(next)));
                holder.shutdownOutput();
                // Whoever came first; it stays until it is cut, which lets nobody in.
                int served = 0;
                for (Socket each : List.of(second, third)) {
                    served += each.getInputStream().read() == '!' ? 1 : 0;
                }
                assertThat(served).isEqualTo(1);
                assertThat(server.accepted()).isEqualTo(2);
            }
        }
    }
}
