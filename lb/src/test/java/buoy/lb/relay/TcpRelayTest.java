package buoy.lb.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import buoy.config.model.Endpoint;
import buoy.config.model.Pool.Balance;
import buoy.config.model.Pool.OnDown;
import buoy.lb.kit.Await;
import buoy.lb.kit.Configs;
import buoy.lb.kit.Running;
import buoy.lb.kit.TestServer;
import buoy.lb.pool.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TcpRelayTest {
    private static final long HUNDRED_MB = 100L << 20;

    /**
     * What the kernel's buffers of two connections may hold at most (tcp_rmem and tcp_wmem maxima),
     * and a little for ours.
     */
    private static final long BUFFERS = 24L << 20;

    private static Running relayTo(Endpoint... servers) throws Exception {
        return Running.start(
                Configs.of(
                        List.of(Configs.tcp("raw", "app")), List.of(Configs.pool("app", servers))));
    }

    /** A port where nobody listens. */
    private static Endpoint nobody() throws IOException {
        try (ServerSocket taken = new ServerSocket(0)) {
            return Configs.loopback(taken.getLocalPort());
        }
    }

    private static String say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        byte[] echo = socket.getInputStream().readNBytes(text.length());
        return new String(echo, StandardCharsets.UTF_8);
    }

    @Test
    void relaysBothWaysAndCountsBytesAndSessions() throws Exception {
        try (TestServer echo = TestServer.echo();
                Running buoy = relayTo(echo.endpoint())) {
            try (Socket client = buoy.connect("raw")) {
                assertThat(say(client, "hello")).isEqualTo("hello");
                assertThat(buoy.server("app", "s1").active()).isEqualTo(1);
                assertThat(buoy.status().connections()).isEqualTo(1);
            }
            Await.until("the session is over", () -> buoy.server("app", "s1").active() == 0);
            var totals = buoy.server("app", "s1").totals();
            assertThat(totals.bytesFromClient()).isEqualTo(5);
            assertThat(totals.bytesToClient()).isEqualTo(5);
            assertThat(totals.finished()).isEqualTo(1);
            assertThat(totals.failures()).isEmpty();
            assertThat(totals.latency().count()).isEqualTo(1);
            assertThat(totals.connects().count()).isEqualTo(1);
            assertThat(totals.sessions().count()).isEqualTo(1);
            assertThat(buoy.listener("raw").totals().finished()).isEqualTo(1);
            assertThat(buoy.status().connections()).isZero();
        }
    }

    @Test
    void theClientsEndIsPassedOnWhileTheAnswerStillFlows() throws Exception {
        TestServer.Service answerAfterTheEnd =
                socket -> {
                    byte[] all = socket.getInputStream().readAllBytes();
                    socket.getOutputStream().write(all);
                };
        try (TestServer server = TestServer.start(answerAfterTheEnd);
                Running buoy = relayTo(server.endpoint());
                Socket client = buoy.connect("raw")) {
            client.getOutputStream().write("question".getBytes(StandardCharsets.UTF_8));
            client.shutdownOutput();
            assertThat(client.getInputStream().readAllBytes())
                    .isEqualTo("question".getBytes(StandardCharsets.UTF_8));
            Await.until(
                    "the session finished", () -> buoy.listener("raw").totals().finished() == 1);
        }
    }

    @Test
    void theServersEndIsPassedOnWhileTheClientStillSends() throws Exception {
        AtomicLong received = new AtomicLong();
        CountDownLatch over = new CountDownLatch(1);
        TestServer.Service endsFirst =
                socket -> {
                    socket.getOutputStream().write('x');
                    socket.shutdownOutput();
                    received.set(socket.getInputStream().readAllBytes().length);
                    over.countDown();
                };
        try (TestServer server = TestServer.start(endsFirst);
                Running buoy = relayTo(server.endpoint());
                Socket client = buoy.connect("raw")) {
            assertThat(client.getInputStream().readAllBytes()).containsExactly('x');
            client.getOutputStream().write(new byte[3000]);
            client.shutdownOutput();
            over.await();
            assertThat(received).hasValue(3000);
            Await.until(
                    "the session finished", () -> buoy.listener("raw").totals().finished() == 1);
        }
    }

    /** The server's connection has ended both ways then, long before the client has it all. */
    @Test
    void whatTheServerSentBeforeItsEndReachesAClientThatReadsLate() throws Exception {
        AtomicLong sent = new AtomicLong();
        TestServer.Service floodsAfterTheEnd =
                socket -> {
                    socket.getInputStream().readAllBytes();
                    flood(socket, sent);
                };
        try (TestServer server = TestServer.start(floodsAfterTheEnd);
                Running buoy = relayTo(server.endpoint());
                Socket client = buoy.connect("raw")) {
            client.shutdownOutput();
            awaitStandstill(sent);
            assertThat(countTheStream(client)).isEqualTo(HUNDRED_MB);
            Await.until(
                    "the session finished", () -> buoy.listener("raw").totals().finished() == 1);
        }
    }

    @Test
    void aSlowReaderStopsTheSenderBothWaysAndNothingIsLost() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        AtomicLong sentByServer = new AtomicLong();
        AtomicLong receivedByServer = new AtomicLong();
        TestServer.Service floods =
                socket -> {
                    Thread reading =
                            Thread.ofVirtual()
                                    .start(
                                            () -> {
                                                awaitUnchecked(go);
                                                receivedByServer.set(countTheStream(socket));
                                            });
                    flood(socket, sentByServer);
                    joinUnchecked(reading);
                };
        try (TestServer server = TestServer.start(floods);
                Running buoy = relayTo(server.endpoint());
                Socket client = buoy.connect("raw")) {
            AtomicLong sentByClient = new AtomicLong();
            Thread sending =
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        try {
                                            flood(client, sentByClient);
                                        } catch (IOException failed) {
                                            throw new AssertionError(failed);
                                        }
                                    });
            // Nobody reads: both senders come to rest, however long one waits.
            awaitStandstill(sentByClient);
            awaitStandstill(sentByServer);
            assertThat(sentByClient).hasValueLessThan(BUFFERS);
            assertThat(sentByServer).hasValueLessThan(BUFFERS);
            go.countDown();
            assertThat(countTheStream(client)).isEqualTo(HUNDRED_MB);
            sending.join();
            Await.until("the server has everything", () -> receivedByServer.get() == HUNDRED_MB);
            var totals = buoy.server("app", "s1").totals();
            assertThat(totals.bytesFromClient()).isEqualTo(HUNDRED_MB);
            assertThat(totals.bytesToClient()).isEqualTo(HUNDRED_MB);
        }
    }

    /** Sends a hundred megabytes of which every byte tells its place, then ends. */
    private static void flood(Socket socket, AtomicLong sent) throws IOException {
        byte[] block = new byte[64 * 1024];
        OutputStream out = socket.getOutputStream();
        while (sent.get() < HUNDRED_MB) {
            long at = sent.get();
            for (int i = 0; i < block.length; i++) {
                block[i] = place(at + i);
            }
            out.write(block);
            sent.addAndGet(block.length);
        }
        socket.shutdownOutput();
    }

    private static byte place(long at) {
        return (byte) (at ^ (at >> 8) ^ (at >> 16));
    }

    /** Reads to the end; -1 at the first byte that is out of place. */
    private static long countTheStream(Socket socket) {
        byte[] block = new byte[64 * 1024];
        long at = 0;
        try {
            InputStream in = socket.getInputStream();
            while (true) {
                int count = in.read(block);
                if (count < 0) {
                    return at;
                }
                for (int i = 0; i < count; i++, at++) {
                    if (block[i] != place(at)) {
                        return -1;
                    }
                }
            }
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }

    private static void awaitStandstill(AtomicLong counter) {
        long[] last = {-1, System.nanoTime()};
        Await.until(
                "the sender is stopped",
                () -> {
                    long now = System.nanoTime();
                    if (counter.get() != last[0]) {
                        last[0] = counter.get();
                        last[1] = now;
                    }
                    return now - last[1] > 1_000_000_000L;
                });
    }

    private static void awaitUnchecked(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException failed) {
            throw new AssertionError(failed);
        }
    }

    private static void joinUnchecked(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException failed) {
            throw new AssertionError(failed);
        }
    }

    @Test
    void aRefusedConnectGoesToAnotherServerAndTheClientNeverKnows() throws Exception {
        try (TestServer echo = TestServer.echo();
                Running buoy = relayTo(nobody(), echo.endpoint(), nobody())) {
            for (int i = 0; i < 30; i++) {
                try (Socket client = buoy.connect("raw")) {
                    assertThat(say(client, "hello")).isEqualTo("hello");
                }
            }
            assertThat(buoy.listener("raw").totals().failures()).isEmpty();
            var refusals = buoy.server("app", "s1").totals().failures().get(Reason.SERVER_REFUSED);
            assertThat(refusals).isPositive();
            // A refusal is remembered for a while: not every client pays for it.
            assertThat(refusals).isLessThan(10);
        }
    }

    @Test
    void whenEveryServerRefusesTheClientIsClosedWithANamedReason() throws Exception {
        try (Running buoy = relayTo(nobody(), nobody());
                Socket client = buoy.connect("raw")) {
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            assertThat(buoy.listener("raw").totals().failures())
                    .isEqualTo(Map.of(Reason.SERVER_REFUSED, 1L));
        }
    }

    @Test
    void aPoolWithoutServersIsNoServerUp() throws Exception {
        try (Running buoy = relayTo();
                Socket client = buoy.connect("raw")) {
            assertThat(client.getInputStream().read()).isEqualTo(-1);
            assertThat(buoy.listener("raw").totals().failures())
                    .isEqualTo(Map.of(Reason.NO_SERVER_UP, 1L));
        }
    }

    @Test
    void aKilledServerResetsItsClientsAndTheNextOnesGoElsewhere() throws Exception {
        try (TestServer first = TestServer.saying("first");
                TestServer second = TestServer.saying("second");
                Running buoy = relayTo(first.endpoint(), second.endpoint())) {
            List<Socket> clients = new ArrayList<>();
            int onFirst = 0;
            for (int i = 0; i < 10; i++) {
                Socket client = buoy.connect("raw");
                clients.add(client);
                onFirst += readLine(client).equals("first") ? 1 : 0;
            }
            assertThat(onFirst).isBetween(3, 7);
            first.kill();
            int reset = 0;
            for (Socket client : clients) {
                client.setSoTimeout(300);
                try {
                    client.getInputStream().read();
                } catch (SocketException _) {
                    reset++;
                } catch (java.net.SocketTimeoutException _) {
                    // Lives on, on the other server.
                }
            }
            assertThat(reset).isEqualTo(onFirst);
            assertThat(buoy.listener("raw").totals().failures())
                    .isEqualTo(Map.of(Reason.SERVER_RESET, (long) onFirst));
            for (int i = 0; i < 10; i++) {
                try (Socket client = buoy.connect("raw")) {
                    assertThat(readLine(client)).isEqualTo("second");
                }
            }
            for (Socket client : clients) {
                client.close();
            }
        }
    }

    private static String readLine(Socket socket) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int octet = socket.getInputStream().read();
                octet != '\n';
                octet = socket.getInputStream().read()) {
            if (octet < 0) {
                throw new IOException("ended after \"" + line + "\"");
            }
            line.append((char) octet);
        }
        return line.toString();
    }

    @Test
    void aClientsResetReachesTheServerAsAReset() throws Exception {
        CountDownLatch reset = new CountDownLatch(1);
        TestServer.Service waits =
                socket -> {
                    socket.getOutputStream().write('!');
                    try {
                        socket.getInputStream().readAllBytes();
                    } catch (SocketException _) {
                        reset.countDown();
                    }
                };
        try (TestServer server = TestServer.start(waits);
                Running buoy = relayTo(server.endpoint())) {
            try (Socket client = buoy.connect("raw")) {
                assertThat(client.getInputStream().read()).as("it is joined").isEqualTo('!');
                client.setSoLinger(true, 0);
            }
            Await.until("the server is reset", () -> reset.getCount() == 0);
            assertThat(buoy.listener("raw").totals().failures())
                    .isEqualTo(Map.of(Reason.CLIENT_RESET, 1L));
        }
    }

    private static Running balanced(Balance balance, TestServer first, TestServer second)
            throws Exception {
        return Running.start(
                Configs.of(
                        List.of(Configs.tcp("raw", "app")),
                        List.of(
                                Configs.pool(
                                        "app",
                                        balance,
                                        Optional.empty(),
                                        OnDown.KEEP_SESSIONS,
                                        first.endpoint(),
                                        second.endpoint()))));
    }

    @Test
    void leastConnectionsFillsUpTheEmptierServer() throws Exception {
        try (TestServer first = TestServer.saying("first");
                TestServer second = TestServer.saying("second");
                Running buoy = balanced(new Balance.LeastConnections(), first, second)) {
            Map<String, List<Socket>> clients = new HashMap<>();
            for (int i = 0; i < 20; i++) {
                open(buoy, clients);
            }
            assertThat(clients.get("first")).hasSize(10);
            assertThat(clients.get("second")).hasSize(10);
            for (Socket client : clients.remove("first")) {
                client.close();
            }
            Await.until("the first is empty", () -> buoy.server("app", "s1").active() == 0);
            for (int i = 0; i < 10; i++) {
                open(buoy, clients);
            }
            assertThat(clients.get("first")).hasSize(10);
            for (List<Socket> each : clients.values()) {
                for (Socket client : each) {
                    client.close();
                }
            }
        }
    }

    @Test
    void aClientsSessionsMeetTheSameServer() throws Exception {
        try (TestServer first = TestServer.saying("first");
                TestServer second = TestServer.saying("second");
                Running buoy = balanced(new Balance.SourceHash(), first, second)) {
            Set<String> all = new HashSet<>();
            for (int client = 1; client <= 20; client++) {
                Set<String> met = new HashSet<>();
                for (int i = 0; i < 3; i++) {
                    try (Socket socket = new Socket()) {
                        socket.setSoTimeout(10_000);
                        socket.bind(
                                new InetSocketAddress(
                                        InetAddress.ofLiteral("127.0.0." + client), 0));
                        socket.connect(
                                new InetSocketAddress(
                                        InetAddress.getLoopbackAddress(), buoy.port("raw")));
                        met.add(readLine(socket));
                    }
                }
                assertThat(met).hasSize(1);
                all.addAll(met);
            }
            assertThat(all).containsExactlyInAnyOrder("first", "second");
        }
    }

    private static void open(Running buoy, Map<String, List<Socket>> clients) throws IOException {
        Socket client = buoy.connect("raw");
        clients.computeIfAbsent(readLine(client), _ -> new ArrayList<>()).add(client);
    }

    @Test
    void theBoundOnConnectionsIsExactOverAllWorkers() throws Exception {
        try (TestServer server = TestServer.saying("in");
                Running buoy =
                        Running.start(
                                Configs.of(
                                        List.of(Configs.tcp("raw", "app")),
                                        List.of(Configs.pool("app", server.endpoint())),
                                        OptionalInt.of(7)))) {
            List<Socket> clients = new ArrayList<>();
            int in = 0;
            for (int i = 0; i < 20; i++) {
                Socket client = buoy.connect("raw");
                clients.add(client);
                in += client.getInputStream().read() == 'i' ? 1 : 0;
            }
            assertThat(in).isEqualTo(7);
            assertThat(buoy.listener("raw").totals().failures())
                    .isEqualTo(Map.of(Reason.CONNECTION_LIMIT, 13L));
            for (Socket client : clients) {
                client.close();
            }
            Await.until("all have left", () -> buoy.status().connections() == 0);
            try (Socket client = buoy.connect("raw")) {
                assertThat(client.getInputStream().read()).isEqualTo('i');
            }
        }
    }

    @Test
    void silenceOfBothSidesEndsTheSessionAndTrafficPutsItOff() throws Exception {
        Duration idle = Duration.ofSeconds(2);
        try (TestServer echo = TestServer.echo();
                Running buoy =
                        Running.start(
                                Configs.of(
                                        List.of(
                                                Configs.tcp(
                                                        "raw", Configs.loopback(0), idle, "app")),
                                        List.of(Configs.pool("app", echo.endpoint()))));
                Socket client = buoy.connect("raw")) {
            long began = System.nanoTime();
            while (System.nanoTime() - began < 2 * idle.toNanos()) {
                assertThat(say(client, "still here")).isEqualTo("still here");
            }
            assertThatThrownBy(() -> client.getInputStream().read())
                    .isInstanceOf(SocketException.class);
            assertThat(buoy.listener("raw").totals().failures())
                    .isEqualTo(Map.of(Reason.IDLE_TIMEOUT, 1L));
        }
    }
}
