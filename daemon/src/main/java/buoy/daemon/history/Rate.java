package buoy.daemon.history;

import java.util.List;

/**
 * What went through a listener or a pool lately, the oldest first.
 *
 * @param finished in each step; as many as are known
 * @param failed the same
 * @param latencies in each {@link Past#COLUMN}: counts by {@link buoy.lb.pool.Flow#belowMicros}
 */
public record Rate(
        String name, List<Integer> finished, List<Integer> failed, List<List<Integer>> latencies) {
    public Rate {
        finished = List.copyOf(finished);
        failed = List.copyOf(failed);
        latencies = List.copyOf(latencies);
    }

    /** Of all steps. */
    public long allFailed() {
        return failed.stream().mapToLong(Integer::longValue).sum();
    }
}
