package buoy.daemon.track;

import buoy.daemon.log.EventKind;
import buoy.daemon.log.Fields;
import buoy.daemon.log.Log;
import buoy.lb.BalancerStatus.WorkerStatus;
import buoy.vrrp.track.Fact;
import buoy.vrrp.track.Subject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Looks whether every worker still moves. A hung data plane must not keep the addresses, so every
 * virtual router tracks the workers. {@link #look} is called again and again by one thread.
 */
public final class WorkerWatch {
    private static final Subject WORKERS = new Subject.Workers();

    private final Supplier<List<WorkerStatus>> workers;
    private final Consumer<Fact> facts;
    private final Log log;
    private final LongSupplier clock;
    private final Function<Integer, Optional<ThreadTimes>> threads;
    private final Map<Integer, Pulse> pulses = new HashMap<>();
    private volatile Map<Integer, String> hung = Map.of();

    public WorkerWatch(Supplier<List<WorkerStatus>> workers, Consumer<Fact> facts, Log log) {
        this(workers, facts, log, System::nanoTime, ThreadTimes::of);
    }

    WorkerWatch(
            Supplier<List<WorkerStatus>> workers,
            Consumer<Fact> facts,
            Log log,
            LongSupplier clock,
            Function<Integer, Optional<ThreadTimes>> threads) {
        this.workers = workers;
        this.facts = facts;
        this.log = log;
        this.clock = clock;
        this.threads = threads;
    }

    /** The workers that hang, by index, each with what there is to say about it; any thread. */
    public Map<Integer, String> hung() {
        return hung;
    }

    /** Looks once. */
    public void look() {
        Map<Integer, String> before = hung;
        Map<Integer, String> now = new TreeMap<>();
        List<WorkerStatus> all = workers.get();
        for (WorkerStatus worker : all) {
            Pulse pulse = feel(worker);
            if (pulse.hangs()) {
                now.put(
                        worker.index(),
                        before.getOrDefault(
                                worker.index(),
                                "worker %d of %d hangs, %s"
                                        .formatted(worker.index(), all.size(), pulse.instead())));
            }
        }
        hung = Map.copyOf(now);
        if (!now.keySet().equals(before.keySet())) {
            say(before, now);
        }
    }

    private Pulse feel(WorkerStatus worker) {
        long now = clock.getAsLong();
        Pulse before = pulses.get(worker.index());
        Pulse pulse =
                before == null
                        ? Pulse.first(now)
                        : before.look(worker.sinceTick(), now, times(worker.thread()));
        pulses.put(worker.index(), pulse);
        return pulse;
    }

    private Optional<ThreadTimes> times(OptionalInt thread) {
        return thread.isPresent() ? threads.apply(thread.getAsInt()) : Optional.empty();
    }

    private void say(Map<Integer, String> before, Map<Integer, String> now) {
        now.forEach(
                (index, what) -> {
                    if (!before.containsKey(index)) {
                        log.warn(
                                "worker",
                                what + ": its clients are not served, the addresses are offered",
                                Fields.event(EventKind.WORKER)
                                        .and("worker", index)
                                        .and("hangs", true));
                    }
                });
        before.keySet().stream()
                .filter(index -> !now.containsKey(index))
                .forEach(
                        index ->
                                log.info(
                                        "worker",
                                        "worker %d moves again".formatted(index),
                                        Fields.event(EventKind.WORKER)
                                                .and("worker", index)
                                                .and("hangs", false)));
        facts.accept(
                now.isEmpty()
                        ? new Fact.Good(WORKERS)
                        : new Fact.Trouble(
                                WORKERS,
                                now.values().stream().sorted().collect(Collectors.joining("; "))));
    }
}
