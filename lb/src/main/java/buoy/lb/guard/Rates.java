package buoy.lb.guard;

import buoy.config.model.RateLimit;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How often each of many clients asks, exact over all workers. Bounded: {@value #PLACES} are known
 * at one time, if not said otherwise. One that is within its rate again is as good as unknown and
 * leaves its place to another. Where all that share a place are beyond it, a newcomer takes over
 * what the one nearest to it owes, so that a flood of made-up keys wins nothing.
 */
public final class Rates {
    private static final int PLACES = 1 << 18;
    private static final int WAYS = 8;
    private static final int TRIES = 4;

    private final Gcra gcra;
    private final long start;
    private final int places;
    private final AtomicLongArray keys;

    /** Theoretical arrival times, in nanoseconds from the start. */
    private final AtomicLongArray theoretical;

    /**
     * @param now as {@link System#nanoTime}, as always here
     */
    public Rates(RateLimit limit, long now) {
        this(limit, now, PLACES);
    }

    /**
     * @param places how many are known at one time: a power of two, 8 at least; each costs 16 bytes
     */
    public Rates(RateLimit limit, long now, int places) {
        if (places < WAYS || Integer.bitCount(places) != 1) {
            throw new IllegalArgumentException("places: " + places);
        }
        this.gcra = Gcra.of(limit);
        this.start = now;
        this.places = places;
        this.keys = new AtomicLongArray(places);
        this.theoretical = new AtomicLongArray(places);
    }

    /**
     * A client asks.
     *
     * @param key of {@link ClientKeys}
     * @return 0 if it may; else how many nanoseconds it is too early, and it was not counted
     */
    public long ask(long key, long now) {
        long time = now - start;
        int place = place(key);
        while (true) {
            long before = theoretical.get(place);
            long wait = gcra.early(before, time);
            if (wait > 0) {
                return wait;
            }
            if (theoretical.compareAndSet(place, before, gcra.next(before, time))) {
                return 0;
            }
        }
    }

    private int place(long key) {
        int first = (int) (key & (places / WAYS - 1)) * WAYS;
        int nearest = first;
        for (int tries = 0; tries < TRIES; tries++) {
            long owes = Long.MAX_VALUE;
            long occupant = 0;
            for (int i = first; i < first + WAYS; i++) {
                long here = keys.get(i);
                if (here == key) {
                    return i;
                }
                long owed = theoretical.get(i);
                if (owed < owes) {
                    owes = owed;
                    nearest = i;
                    occupant = here;
                }
            }
            if (keys.compareAndSet(nearest, occupant, key)) {
                return nearest;
            }
        }
        // Others come to this place as often as we look: it counts for all of them.
        return nearest;
    }
}
