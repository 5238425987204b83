package buoy.lb.listen;

import java.util.concurrent.atomic.AtomicInteger;

/** A bound on connections that is exact over all workers. */
public final class Limit {
    private final AtomicInteger taken = new AtomicInteger();
    private volatile int most;

    public Limit(int most) {
        this.most = most;
    }

    /** Connections now. */
    public int taken() {
        return taken.get();
    }

    public int most() {
        return most;
    }

    /** A lower bound cuts nobody: it holds for those who come. */
    public void most(int most) {
        this.most = most;
    }

    /** Takes a place if there is one. */
    public boolean take() {
        if (taken.incrementAndGet() <= most) {
            return true;
        }
        taken.decrementAndGet();
        return false;
    }

    public void give() {
        taken.decrementAndGet();
    }
}
