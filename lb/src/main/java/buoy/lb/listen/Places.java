package buoy.lb.listen;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The bound of the process on connections and sessions, over all listeners. Who sends a datagram
 * has proven nothing, so sessions that no connection stands for never have more than three quarters
 * of it, whoever else is there.
 */
public final class Places {
    private final Limit all;
    private final Limit seats;
    private final int mostSeats;

    /** Connections, and sessions that are owed something. */
    private final AtomicInteger awaited = new AtomicInteger();

    private volatile @Nullable Thread waiting;

    public Places(int most) {
        this(most, Integer.MAX_VALUE);
    }

    /**
     * @param mostSeats what sessions without a connection may have besides
     */
    public Places(int most, int mostSeats) {
        this.mostSeats = mostSeats;
        all = new Limit(most);
        seats = new Limit(seats(most));
    }

    private int seats(int most) {
        return Math.min(most - most / 4, mostSeats);
    }

    /** Connections and sessions now. */
    public int taken() {
        return all.taken();
    }

    public int most() {
        return all.most();
    }

    /** A lower bound cuts nobody: it holds for those who come. */
    public void most(int most) {
        all.most(most);
        seats.most(seats(most));
    }

    /** Takes a place for a connection if there is one. */
    boolean take() {
        if (!all.take()) {
            return false;
        }
        awaited.incrementAndGet();
        return true;
    }

    void give() {
        all.give();
        settled();
    }

    /** Of sessions that no connection stands for. */
    Limit seats() {
        return seats;
    }

    /** Takes a place for one that has one of {@link #seats}. */
    boolean takeSeated() {
        return all.take();
    }

    void giveSeated() {
        seats.give();
        all.give();
    }

    /** One of those is owed something: until {@link #settled}, it is worth waiting for. */
    void owes() {
        awaited.incrementAndGet();
    }

    void settled() {
        if (awaited.decrementAndGet() == 0) {
            LockSupport.unpark(waiting);
        }
    }

    /**
     * Waits until no connection is left, and nothing is owed to sessions without one. One thread at
     * a time.
     *
     * @return false if the time was over before
     */
    public boolean awaitNobody(Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        waiting = Thread.currentThread();
        try {
            while (awaited.get() > 0) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                LockSupport.parkNanos(this, left);
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            }
            return true;
        } finally {
            waiting = null;
        }
    }
}
