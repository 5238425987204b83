package buoy.lb.listen;

import java.time.Duration;

/**
 * The bound of the process on connections and sessions, over all listeners. Who sends a datagram
 * has proven nothing, so sessions that no connection stands for never have more than three quarters
 * of it, whoever else is there.
 */
public final class Places {
    private final Limit all;
    private final Limit seats;

    public Places(int most) {
        all = new Limit(most);
        seats = new Limit(seats(most));
    }

    private static int seats(int most) {
        return most - most / 4;
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

    /** Of them all. */
    Limit all() {
        return all;
    }

    /** Of those that no connection stands for; each has one of {@link #all} besides. */
    Limit seats() {
        return seats;
    }

    /**
     * Waits until nobody is left. One thread at a time.
     *
     * @return false if the time was over before
     */
    public boolean awaitNobody(Duration patience) throws InterruptedException {
        return all.awaitNone(patience);
    }
}
