package buoy.lb.pool;

import buoy.config.model.Pool.Passive;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The last failures of one server, over all workers: a ring of their times, so that "so many within
 * this time" is one comparison, of the newest with the oldest kept.
 */
final class Failures {
    /** Never: {@link System#nanoTime} may be anything else. */
    private static final long NONE = Long.MIN_VALUE;

    private final long withinNanos;
    private final AtomicLongArray times;
    private final AtomicInteger count = new AtomicInteger();

    Failures(Passive passive) {
        this.withinNanos = passive.within().toNanos();
        this.times = new AtomicLongArray(passive.failures());
        clear();
    }

    /**
     * One more, at this time of {@link System#nanoTime}.
     *
     * @return whether that makes as many within the time as are too many; they count no more then,
     *     so that a storm of failures is not told of one by one
     */
    boolean tooMany(long now) {
        int at = Math.floorMod(count.getAndIncrement(), times.length());
        times.set(at, now);
        long oldest = times.get(at + 1 == times.length() ? 0 : at + 1);
        boolean tooMany = oldest != NONE && now - oldest <= withinNanos;
        if (tooMany) {
            clear();
        }
        return tooMany;
    }

    /** Begins anew. */
    void clear() {
        for (int i = 0; i < times.length(); i++) {
            times.set(i, NONE);
        }
    }
}
