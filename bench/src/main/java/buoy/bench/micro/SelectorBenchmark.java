package buoy.bench.micro;

import buoy.lb.select.Selector;
import buoy.lb.select.Selector.Weighted;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The next server of a pool. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class SelectorBenchmark {
    /** How many servers are up. */
    @Param({"3", "50"})
    public int servers;

    private Selector<Server> roundRobin = Selector.roundRobin(List.of());
    private Selector<Server> leastConnections = Selector.leastConnections(List.of(), Server::load);
    private Selector<Server> byKey = Selector.byKey(List.of(), Server::name, Server::load);
    private int turn;

    private record Server(String name, int load) {}

    @Setup
    public void make() {
        List<Weighted<Server>> candidates = new ArrayList<>();
        for (int i = 0; i < servers; i++) {
            candidates.add(new Weighted<>(new Server("s" + i, i * 7 % servers), 1 + i % 3));
        }
        roundRobin = Selector.roundRobin(candidates);
        leastConnections = Selector.leastConnections(candidates, Server::load);
        byKey = Selector.byKey(candidates, Server::name, Server::load);
    }

    @Benchmark
    public @Nullable Object roundRobin() {
        return roundRobin.select(turn++, Selector.NO_KEY, List.of());
    }

    @Benchmark
    public @Nullable Object leastConnections() {
        return leastConnections.select(turn++, Selector.NO_KEY, List.of());
    }

    @Benchmark
    public @Nullable Object byKey() {
        return byKey.select(0, turn++, List.of());
    }
}
