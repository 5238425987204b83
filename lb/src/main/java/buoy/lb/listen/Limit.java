package buoy.lb.listen;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A bound on connections that is exact over all workers. */
public final class Limit {
    private final AtomicInteger taken = new AtomicInteger();
    private volatile int most;
    private volatile @Nullable Thread waiting;

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
        if (taken.decrementAndGet() == 0) {
            LockSupport.unpark(waiting);
        }
    }

    /**
     * Waits until no connection is left. One thread at a time.
     *
     * @return false if the time was over before
     */
    public boolean awaitNone(Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        waiting = Thread.currentThread();
        try {
            while (taken.get() > 0) {
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
