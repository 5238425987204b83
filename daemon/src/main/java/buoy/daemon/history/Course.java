package buoy.daemon.history;

import buoy.lb.pool.Flow;
import java.util.ArrayList;
import java.util.List;

/**
 * The last ten minutes of one listener or pool, in rings. Counts may begin anew: that is no flow.
 */
final class Course {
    private final int[] finished = new int[Past.STEPS];
    private final int[] failed = new int[Past.STEPS];

    /** Column by column; none of a listener. */
    private final int[] latencies;

    private Flow last;

    /** Of the process, at which it became known. */
    private final long first;

    private long latest;

    /** Nothing has gone through since it was known. */
    Course(Flow now, long step, boolean withLatencies) {
        last = now;
        first = step;
        latest = step;
        latencies = new int[withLatencies ? Past.COLUMNS * Flow.BUCKETS : 0];
    }

    /**
     * What was counted until now.
     *
     * @param step one more than the last
     */
    void on(Flow now, long step) {
        int slot = (int) (step % Past.STEPS);
        finished[slot] = since(last.finished(), now.finished());
        failed[slot] = since(last.failed(), now.failed());
        int column = slot / 2 * Flow.BUCKETS;
        for (int i = 0; i < Flow.BUCKETS && latencies.length > 0; i++) {
            int more = since(last.latencies().get(i), now.latencies().get(i));
            latencies[column + i] = (slot % 2 == 0 ? 0 : latencies[column + i]) + more;
        }
        last = now;
        latest = step;
    }

    private static int since(long before, long now) {
        return Math.clamp(now - before, 0, Integer.MAX_VALUE / 2);
    }

    Rate rate() {
        List<Integer> good = new ArrayList<>();
        List<Integer> bad = new ArrayList<>();
        List<List<Integer>> times = new ArrayList<>();
        long oldest = Math.max(first + 1, latest - Past.STEPS + 1);
        for (long step = oldest; step <= latest; step++) {
            int slot = (int) (step % Past.STEPS);
            good.add(finished[slot]);
            bad.add(failed[slot]);
            // The oldest column may be the newest by now, whose first half has taken its place.
            boolean gone = step == oldest && latest - oldest == Past.STEPS - 1;
            boolean full = slot % 2 == 1 && !gone;
            if (latencies.length > 0 && (full || step == latest)) {
                times.add(column(slot / 2));
            }
        }
        return new Rate(last.name(), good, bad, times);
    }

    private List<Integer> column(int column) {
        List<Integer> counts = new ArrayList<>(Flow.BUCKETS);
        for (int i = 0; i < Flow.BUCKETS; i++) {
            counts.add(latencies[column * Flow.BUCKETS + i]);
        }
        return counts;
    }
}
