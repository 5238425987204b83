package buoy.lb.listen;

import java.util.concurrent.atomic.AtomicInteger;

/** A bound on connections that is exact over all workers. */
final class Limit {
    private final AtomicInteger taken = new AtomicInteger();
    private volatile int most;

    Limit(int most) {
        this.most = most;
    }

    /** Connections now. */
    int taken() {
        return taken.get();
    }

    int most() {
        return most;
    }

    /** A lower bound cuts nobody: it holds for those who come. */
    void most(int most) {
        this.most = most;
    }

    /** Takes a place if there is one. */
    boolean take() {
        if (taken.incrementAndGet() <= most) {
            return true;
        }
        taken.decrementAndGet();
        return false;
    }

    void give() {
        taken.decrementAndGet();
    }
}
