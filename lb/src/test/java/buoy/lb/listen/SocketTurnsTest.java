package buoy.lb.listen;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Listener;
import buoy.lb.kit.Await;
import buoy.lb.kit.Configs;
import buoy.lb.pool.Doing;
import buoy.lb.pool.Reason;
import buoy.lb.worker.Workers;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One socket for two workers. */
class SocketTurnsTest {
    @TempDir Path directory;

    private static final class Somebody implements Client {
        @Override
        public Doing doing() {
            return Doing.of(Doing.State.IDLE);
        }

        @Override
        public void cut(Reason reason) {}
    }

    @Test
    void everyWorkerTakesItsTurn() throws Exception {
        Workers workers = Workers.start(Configs.of(List.of(), List.of()).process());
        AtomicIntegerArray came = new AtomicIntegerArray(workers.count());
        ConnectionFront counting =
                (worker, _, channel, _, _) -> {
                    assertThat(channel.eventLoop()).isSameAs(worker.loop());
                    came.incrementAndGet(worker.index());
                    return new Somebody();
                };
        Listening listening =
                new Listening(
                        "in",
                        workers.count(),
                        10,
                        new Places(10),
                        new Leaving(),
                        counting,
                        Optional.empty(),
                        Listener.Admission.ANY);
        UnixDomainSocketAddress at = UnixDomainSocketAddress.of(directory.resolve("in.sock"));
        List<SocketChannel> clients = new ArrayList<>();
        try {
            new Owner(listening).bindForAll(workers.all(), at, true).sync();
            for (int i = 0; i < 6; i++) {
                clients.add(SocketChannel.open(at));
            }
            Await.until(came::toString, () -> came.get(0) + came.get(1) == clients.size());
            assertThat(came).hasToString("[3, 3]");
        } finally {
            for (SocketChannel client : clients) {
                client.close();
            }
            workers.close(Duration.ofSeconds(5));
        }
    }
}
