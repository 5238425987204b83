package buoy.lb.http;

import buoy.lb.pool.Pool;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Pools that share the requests of a route. On each worker, every run of as many requests as the
 * shares sum up to is divided exactly; within it the pools are mixed evenly.
 */
final class Split {
    private final List<Pool> pools;
    private final int[] ends;
    private final int total;
    private final int stride;

    /** Where each worker is; each touches its own alone. */
    private final AtomicIntegerArray at;

    /**
     * @param shares for each pool; one of them is more than 0
     */
    Split(List<Pool> pools, List<Integer> shares, int workers) {
        this.pools = pools;
        this.ends = new int[shares.size()];
        int sum = 0;
        for (int i = 0; i < ends.length; i++) {
            sum += shares.get(i);
            ends[i] = sum;
        }
        this.total = sum;
        this.stride = stride(sum);
        this.at = new AtomicIntegerArray(workers);
    }

    /** Near the golden section of {@code total}, and with no divisor of it, so all are visited. */
    private static int stride(int total) {
        int step = Math.max(1, (int) (total * 0.618));
        while (divisor(step, total) > 1) {
            step++;
        }
        return step;
    }

    private static int divisor(int a, int b) {
        return b == 0 ? a : divisor(b, a % b);
    }

    Pool next(int worker) {
        int position = at.getPlain(worker);
        at.setPlain(worker, (position + stride) % total);
        int i = 0;
        while (ends[i] <= position) {
            i++;
        }
        return pools.get(i);
    }
}
