package buoy.lb.pool;

import buoy.lb.worker.Worker;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

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

    private final AtomicInteger length = new AtomicInteger();
    private final ConcurrentLinkedDeque<Guest> guests = new ConcurrentLinkedDeque<>();

    /** How many are in line, over all workers. */
    int length() {
        return length.get();
    }

    /**
     * Takes a guest in, as the last.
     *
     * @param most that may wait at one time
     * @return false if as many are in already
     */
    boolean enter(Guest guest, int most) {
        if (length.incrementAndGet() > most) {
            length.decrementAndGet();
            return false;
        }
        guests.addLast(guest);
        return true;
    }

    /** A guest that looked in vain goes back to the front. */
    void back(Guest guest) {
        guests.addFirst(guest);
    }

    /** A guest has found a place, or waits no longer. Once for each that was taken in. */
    void leave(Guest guest) {
        guests.remove(guest);
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
            Guest first = guests.pollFirst();
            if (first != null) {
                letLook(first);
            }
        }
    }
}
