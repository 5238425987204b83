package buoy.lb.guard;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How many connections each client has, exact over all workers, who never wait for each other. Of a
 * fixed size: where more clients share a place than it has room for, which the size makes rare, the
 * others come in uncounted.
 */
public final class Crowd {
    /** In place of a seat: one who is not counted. */
    public static final int UNCOUNTED = -1;

    /** In place of a seat: one who may not come in. */
    public static final int REFUSED = -2;

    private static final int FEWEST = 1 << 12;
    private static final int MOST = 1 << 20;
    private static final int WAYS = 8;
    private static final int YIELDS = 64;

    private static final int COUNT_BITS = 20;
    private static final long COUNT = (1L << COUNT_BITS) - 1;

    /** Each a count, and above it the upper bits of the key whose it is; free where it is 0. */
    private final AtomicLongArray seats;

    /**
     * @param connections at one time, of all clients; a guide for the size
     */
    public Crowd(int connections) {
        // Four for each: then not one place in a thousand overflows.
        int wanted = Math.clamp(4L * connections, FEWEST, MOST);
        seats = new AtomicLongArray(Integer.highestOneBit(wanted * 2 - 1));
    }

    /**
     * A client comes with one more connection.
     *
     * @param key of {@link ClientKeys}
     * @param most how many it may have
     * @return its seat, {@link #UNCOUNTED} or {@link #REFUSED}
     */
    public int enter(long key, int most) {
        int first = (int) (key & (seats.length() / WAYS - 1)) * WAYS;
        int yields = 0;
        while (true) {
            int seat = seat(key, first);
            if (seat < 0) {
                return UNCOUNTED;
            }
            long before = seats.get(seat);
            long after;
            if (isOf(key, before)) {
                if ((before & COUNT) >= most) {
                    return REFUSED;
                }
                after = before + 1;
            } else if ((before & COUNT) == 0) {
                after = (key & ~COUNT) + 1;
            } else {
                continue;
            }
            if (seats.compareAndSet(seat, before, after)) {
                if (yields == YIELDS || !hasAnother(key, first, seat)) {
                    return seat;
                }
                // Another worker let the same client in elsewhere meanwhile: it counts there. So it
                // is looked for by who joins a seat too: the one that took it may be about to
                // leave.
                leave(seat);
                yields++;
            }
        }
    }

    /** A connection is closed. */
    public void leave(int seat) {
        if (seat >= 0) {
            seats.decrementAndGet(seat);
        }
    }

    /** Where it is, else where it may be, else -1. */
    private int seat(long key, int first) {
        int free = -1;
        for (int i = first; i < first + WAYS; i++) {
            long here = seats.get(i);
            if (isOf(key, here)) {
                return i;
            }
            if (free < 0 && (here & COUNT) == 0) {
                free = i;
            }
        }
        return free;
    }

    private boolean hasAnother(long key, int first, int seat) {
        for (int i = first; i < first + WAYS; i++) {
            if (i != seat && isOf(key, seats.get(i))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isOf(long key, long seat) {
        return (seat & COUNT) > 0 && (seat & ~COUNT) == (key & ~COUNT);
    }
}
