package buoy.daemon.status;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.lb.BalancerStatus.PoolStatus;
import buoy.lb.BalancerStatus.ServerStatus;
import buoy.lb.pool.ServerHealth;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What it takes to say how ten thousand busy servers do: memory is for the text. */
class ManyServersTest {
    private static final int SERVERS = 10_000;

    private static Status busy() {
        List<ServerStatus> servers = new ArrayList<>();
        for (int i = 0; i < SERVERS; i++) {
            servers.add(Samples.server("application-server-" + i, ServerHealth.State.UP));
        }
        PoolStatus pool =
                new PoolStatus(
                        "application",
                        "least-connections",
                        SERVERS,
                        0,
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        servers);
        return Samples.with(List.of(), List.of(), List.of(pool), List.of());
    }

    private static long allocated() {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        return Objects.requireNonNull(threads).getCurrentThreadAllocatedBytes();
    }

    /** How many bytes were allocated for each that was written. */
    private static double cost(Supplier<List<byte[]>> rendering) {
        var _ = rendering.get();
        long before = allocated();
        List<byte[]> parts = rendering.get();
        long cost = allocated() - before;
        long length = parts.stream().mapToLong(part -> part.length).sum();
        assertThat(length).isGreaterThan(SERVERS * 1000L);
        String last = new String(parts.getLast(), StandardCharsets.UTF_8);
        assertThat(last).endsWith("\n");
        return (double) cost / length;
    }

    @Test
    void metricsTakeLittleMoreRoomThanTheirText() {
        Status status = busy();
        for (MetricsFormat format : MetricsFormat.values()) {
            assertThat(cost(() -> Metrics.of(status, format))).isLessThan(1.5);
        }
    }

    @Test
    void jsonTakesTwiceTheRoomOfItsText() {
        Status status = busy();
        assertThat(cost(() -> StatusJson.of(status))).isLessThan(2.5);
    }
}
