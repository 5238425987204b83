package buoy.lb.pool;

import buoy.lb.worker.Worker;
import java.util.Comparator;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Those who wait because every server of a pool is at its {@code max-connections}: one line for all
 * workers, first come first served. Whoever comes while others wait goes behind them.
 *
 * <p>Each end of work on a server lets the first in line look, on its own worker. Nobody is
 * forgotten: who ends gives the place free before it looks whether somebody waits; who waits stands
 * in line before it looks once more whether a place is free.
 */
final class Line {
    /** One that waits. It is in line until it leaves. */
    interface Guest {
        Worker worker();

        /**
         * A place may be free. On its own worker.
         *
         * @return false if it has left meanwhile, and the place is for the next
         */
        boolean look();
    }

    /**
     * Where a guest stands.
     *
     * @param number the lower, the earlier it came
     */
    record Place(long number, Guest guest) {}

    private final AtomicInteger length = new AtomicInteger();
    private final AtomicLong numbers = new AtomicLong();

    /** Without those who look just now. */
    private final ConcurrentSkipListSet<Place> places =
            new ConcurrentSkipListSet<>(Comparator.comparingLong(Place::number));

    /** How many are in line, over all workers. */
    int length() {
        return length.get();
    }

    /**
     * Takes a guest in, as the last.
     *
     * @param most that may wait at one time
     * @return null if as many are in already
     */
    @Nullable Place enter(Guest guest, int most) {
        if (length.incrementAndGet() > most) {
            length.decrementAndGet();
            return null;
        }
        Place last = new Place(numbers.getAndIncrement(), guest);
        places.add(last);
        return last;
    }

    /** A guest that looked in vain goes back to where it stood. */
    void back(Place place) {
        places.add(place);
    }

    /** A guest has found a server, or waits no longer. Once for each that was taken in. */
    void leave(Place place) {
        places.remove(place);
        length.decrementAndGet();
    }

    private void letLook(Guest first) {
        try {
            first.worker()
                    .loop()
                    .execute(
                            () -> {
                                if (!first.look()) {
                                    next();
                                }
                            });
        } catch (RejectedExecutionException _) {
            // The balancer has stopped: nobody waits any more.
        }
    }

    /** Lets the first in line look. Any thread; waits for nothing. */
    void next() {
        if (length.get() > 0) {
            Place first = places.pollFirst();
            if (first != null) {
                letLook(first.guest);
            }
        }
    }
}
