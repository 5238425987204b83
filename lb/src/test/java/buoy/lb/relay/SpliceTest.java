package buoy.lb.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import buoy.lb.kit.Await;
import buoy.lb.kit.Configs;
import buoy.lb.kit.Running;
import buoy.lb.kit.TestServer;
import buoy.lb.pool.Reason;
import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What passes through pipes of the kernel. Two workers. */
class SpliceTest {
    private static final int CHUNK = 256 * 1024;
    private static final long MUCH = 64L << 20;

    /** Each worker keeps eight pipes of two files each. */
    private static final long SPARE = 2 * 8 * 2;

    @BeforeEach
    void needsEpoll() {
        assumeThat(Epoll.isAvailable()).isTrue();
    }

    private static Running relayTo(TestServer server) throws Exception {
        return Running.start(
                Configs.of(
                        List.of(Configs.tcp("raw", "app")),
                        List.of(Configs.pool("app", server.endpoint()))));
    }

    /** Ends of pipes that this process has open. */
    private static long pipes() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return files.filter(
                            file -> {
                                try {
                                    return Files.readSymbolicLink(file)
                                            .toString()
                                            .startsWith("pipe:");
                                } catch (IOException _) {
                                    return false; // closed in between
                                }
                            })
                    .count();
        }
    }

    private static byte[] chunk(long at) {
        byte[] bytes = new byte[CHUNK];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (((at + i) * 31) >> 3);
        }
        return bytes;
    }

    /** Writes all of it and answers its sum. */
    private static long write(OutputStream out, long bytes) throws IOException {
        CRC32 sum = new CRC32();
        for (long at = 0; at < bytes; at += CHUNK) {
            byte[] chunk = chunk(at);
            out.write(chunk);
            sum.update(chunk);
        }
        return sum.getValue();
    }

    private record Read(long bytes, long sum) {}

    private static Read read(InputStream in) throws IOException {
        CRC32 sum = new CRC32();
        byte[] buffer = new byte[CHUNK];
        long bytes = 0;
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            sum.update(buffer, 0, n);
            bytes += n;
        }
        return new Read(bytes, sum.getValue());
    }

    @Test
    void everyByteArrivesInItsPlaceAndThenTheEnd() throws Exception {
        AtomicReference<Read> received = new AtomicReference<>();
        TestServer.Service service =
                socket -> {
                    received.set(read(socket.getInputStream()));
                    write(socket.getOutputStream(), MUCH);
                };
        long before = pipes();
        try (TestServer server = TestServer.start(service);
                Running buoy = relayTo(server);
                Socket client = buoy.connect("raw")) {
            long sum = write(client.getOutputStream(), MUCH);
            client.shutdownOutput();
            assertThat(read(client.getInputStream())).isEqualTo(new Read(MUCH, sum));
            assertThat(received.get()).isEqualTo(new Read(MUCH, sum));
            assertThat(pipes()).as("it went through pipes").isGreaterThan(before);
            Await.until("it is over", () -> buoy.listener("raw").totals().finished() == 1);
            assertThat(buoy.listener("raw").totals().bytesFromClient()).isEqualTo(MUCH);
            assertThat(buoy.listener("raw").totals().bytesToClient()).isEqualTo(MUCH);
            assertThat(buoy.server("app", "s1").totals().bytesFromClient()).isEqualTo(MUCH);
            assertThat(buoy.listener("raw").totals().failures()).isEmpty();
        }
        assertThat(pipes()).isEqualTo(before);
    }

    /** Its reads began while the session was looked after, before there was a relay. */
    @Test
    void soDoesWhatAPostgresServerSaysOnceTheSessionHasStarted() throws Exception {
        byte[] startup = HexFormat.of().parseHex("00000012000300007573657200626f620000");
        // AuthenticationOk, BackendKeyData, ReadyForQuery.
        byte[] started =
                HexFormat.of()
                        .parseHex(
                                "520000000800000000"
                                        + "4b0000000c0000000100000002"
                                        + "5a0000000549");
        TestServer.Service service =
                socket -> {
                    var _ = socket.getInputStream().readNBytes(startup.length);
                    socket.getOutputStream().write(started);
                    write(socket.getOutputStream(), MUCH);
                };
        long before = pipes();
        try (TestServer server = TestServer.start(service);
                Running buoy =
                        Running.start(
                                Configs.of(
                                        List.of(Configs.postgres("in", "app")),
                                        List.of(Configs.pool("app", server.endpoint()))));
                Socket client = buoy.connect("in")) {
            client.getOutputStream().write(startup);
            InputStream in = client.getInputStream();
            assertThat(in.readNBytes(started.length)).isEqualTo(started);
            assertThat(read(in).bytes()).isEqualTo(MUCH);
            assertThat(pipes()).as("it went through pipes").isGreaterThan(before);
        }
    }

    @Test
    void aReceiverThatPausesGetsAllOfIt() throws Exception {
        try (TestServer server = TestServer.start(socket -> write(socket.getOutputStream(), MUCH));
                Running buoy = relayTo(server);
                Socket client = buoy.connect("raw")) {
            // Until nothing moves any more: everything in between is full, a pipe too.
            AtomicLong last = new AtomicLong(-1);
            AtomicInteger same = new AtomicInteger();
            Await.until(
                    "nothing moves",
                    () -> {
                        long now = buoy.listener("raw").totals().bytesToClient();
                        same.set(now > 0 && last.getAndSet(now) == now ? same.get() + 1 : 0);
                        return same.get() == 50;
                    });
            assertThat(last.get()).isLessThan(MUCH);
            assertThat(read(client.getInputStream()).bytes()).isEqualTo(MUCH);
        }
    }

    @Test
    void whoSaysLittleHasNoPipe() throws Exception {
        long before = pipes();
        try (TestServer echo = TestServer.echo();
                Running buoy = relayTo(echo)) {
            List<Socket> clients = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                Socket client = buoy.connect("raw");
                client.getOutputStream().write('x');
                assertThat(client.getInputStream().read()).isEqualTo('x');
                clients.add(client);
            }
            assertThat(pipes()).isEqualTo(before);
            for (Socket client : clients) {
                client.close();
            }
        }
    }

    /** The kernel says it once alone, and to whoever splices: it must not pass for an end. */
    @Test
    void aResetIsPassedOnAsOne() throws Exception {
        TestServer.Service breaksOff =
                socket -> {
                    write(socket.getOutputStream(), MUCH);
                    socket.setSoLinger(true, 0);
                };
        long before = pipes();
        try (TestServer server = TestServer.start(breaksOff);
                Running buoy = relayTo(server)) {
            for (int i = 0; i < 10; i++) {
                try (Socket client = buoy.connect("raw")) {
                    assertThatThrownBy(() -> read(client.getInputStream()))
                            .isInstanceOf(SocketException.class);
                }
            }
            Await.until("all are over", () -> buoy.status().connections() == 0);
            assertThat(buoy.listener("raw").totals().failures())
                    .containsExactlyEntriesOf(Map.of(Reason.SERVER_RESET, 10L));
            assertThat(pipes()).isLessThanOrEqualTo(before + SPARE);
        }
    }

    @Test
    void whoLeavesHalfwayLeavesNoPipeBehind() throws Exception {
        long before = pipes();
        try (TestServer server = TestServer.start(socket -> write(socket.getOutputStream(), MUCH));
                Running buoy = relayTo(server)) {
            for (int i = 0; i < 40; i++) {
                try (Socket client = buoy.connect("raw")) {
                    client.getInputStream().readNBytes(4 << 20);
                }
            }
            Await.until("all are over", () -> buoy.status().connections() == 0);
            assertThat(pipes()).isLessThanOrEqualTo(before + SPARE);
        }
        assertThat(pipes()).isEqualTo(before);
    }

    @Test
    void aFlowIsWhatCarriesMuchSeveralTimesInARow() {
        int[] batches = {
            100_000, 100_000, 100_000, 100, 100_000, 32_768, 32_767, 32_767, 32_767, 0
        };
        List<Boolean> bulk = new ArrayList<>();
        int flow = Flow.NEW;
        for (int bytes : batches) {
            flow = Flow.after(flow, bytes);
            bulk.add(Flow.isBulk(flow));
        }
        assertThat(bulk)
                .containsExactly(false, false, false, false, false, true, true, true, true, false);
    }
}
