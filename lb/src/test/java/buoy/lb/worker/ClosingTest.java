package buoy.lb.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import buoy.lb.kit.Await;
import buoy.lb.kit.Configs;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many are in the queue of a listening socket when it is to be closed. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClosingTest {
    /** More than are taken at one go. */
    private static final int MANY = 100;

    @TempDir Path directory;
    private final CountDownLatch goesOn = new CountDownLatch(1);
    private final List<SocketChannel> clients = new ArrayList<>();
    private Workers workers;
    private Worker worker;

    @BeforeEach
    void start() throws Exception {
        workers = Workers.start(Configs.of(List.of(), List.of()).process());
        worker = workers.get(0);
    }

    @AfterEach
    void stop() throws Exception {
        goesOn.countDown();
        for (SocketChannel client : clients) {
            client.close();
        }
        workers.close(Duration.ofSeconds(5));
    }

    private ServerChannel listen(SocketAddress address) throws InterruptedException {
        Channel listening =
                worker.listen(address, true, () -> worker, ClosingTest::greet).sync().channel();
        return (ServerChannel) listening;
    }

    private ChannelFuture refuse(ServerChannel listening) {
        return workers.refuse(List.of(listening)).getFirst();
    }

    private static void greet(Worker worker, DuplexChannel channel) {
        var _ = channel.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {'!'}));
    }

    /** The worker is busy, and the kernel makes connections meanwhile. */
    private void queue(SocketAddress address) throws IOException {
        CountDownLatch busy = new CountDownLatch(1);
        worker.loop()
                .execute(
                        () -> {
                            busy.countDown();
                            try {
                                goesOn.await();
                            } catch (InterruptedException _) {
                                Thread.currentThread().interrupt();
                            }
                        });
        Await.until("a worker that is busy", () -> busy.getCount() == 0);
        for (int i = 0; i < MANY; i++) {
            clients.add(SocketChannel.open(address));
        }
    }

    private int greeted() {
        int greeted = 0;
        for (SocketChannel client : clients) {
            try {
                greeted += client.read(ByteBuffer.allocate(1)) == 1 ? 1 : 0;
            } catch (IOException _) {
                // reset
            }
        }
        return greeted;
    }

    private static InetSocketAddress at(String address) throws IOException {
        return new InetSocketAddress(InetAddress.getByName(address), 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void everybodyInTheQueueComesIn(String address) throws Exception {
        ServerChannel listening = listen(at(address));
        InetSocketAddress there = (InetSocketAddress) listening.localAddress();
        queue(there);
        ChannelFuture closed = refuse(listening);
        try (Socket late = new Socket()) {
            assertThatThrownBy(() -> late.connect(there, 300))
                    .as("nobody answers")
                    .isInstanceOf(SocketTimeoutException.class);
        }
        assertThat(closed.isDone()).isFalse();
        goesOn.countDown();
        assertThat(greeted()).isEqualTo(MANY);
        assertThat(closed.sync().isSuccess()).isTrue();
        assertThatThrownBy(() -> SocketChannel.open(there)).isInstanceOf(ConnectException.class);
    }

    @Test
    void soDoesEverybodyAtAUnixSocket() throws Exception {
        UnixDomainSocketAddress there = UnixDomainSocketAddress.of(directory.resolve("in.sock"));
        ServerChannel listening = listen(there);
        queue(there);
        ChannelFuture closed = refuse(listening);
        assertThatThrownBy(() -> SocketChannel.open(there)).isInstanceOf(ConnectException.class);
        goesOn.countDown();
        assertThat(greeted()).isEqualTo(MANY);
        assertThat(closed.sync().isSuccess()).isTrue();
    }

    /** What it is for: this is what the kernel does by itself. */
    @Test
    void whoIsInTheQueueOfASocketThatIsClosedIsReset() throws Exception {
        ServerChannel listening = listen(at("127.0.0.1"));
        queue(listening.localAddress());
        ChannelFuture closed = listening.close();
        goesOn.countDown();
        assertThat(closed.sync().isSuccess()).isTrue();
        assertThat(greeted()).isZero();
    }

    @Test
    void whatIsClosedAlreadyStaysSo() throws Exception {
        ServerChannel listening = listen(at("127.0.0.1"));
        listening.close().sync();
        assertThat(refuse(listening).sync().isSuccess()).isTrue();
    }
}
