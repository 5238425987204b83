package buoy.daemon.queue;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Letters on their way to one thread. Any thread may offer, one takes; offering never blocks and
 * never locks, because the VRRP thread offers too. What does not fit is dropped and counted.
 */
public final class Mailbox<T> {
    private final Queue<T> letters = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();
    private final AtomicLong dropped = new AtomicLong();
    private final int capacity;
    private volatile @Nullable Thread sleeper;

    public Mailbox(int capacity) {
        this.capacity = capacity;
    }

    public void offer(T letter) {
        if (size.incrementAndGet() > capacity) {
            size.decrementAndGet();
            dropped.incrementAndGet();
            return;
        }
        letters.add(letter);
        Thread waiting = sleeper;
        if (waiting != null) {
            LockSupport.unpark(waiting);
        }
    }

    /** Everything there is now, in order; waits up to {@code nanos} if there is nothing. */
    public List<T> take(long nanos) {
        if (size.get() == 0) {
            sleeper = Thread.currentThread();
            // Looked at again after publishing the sleeper: an offer in between would not wake us.
            if (size.get() == 0) {
                LockSupport.parkNanos(this, nanos);
            }
            sleeper = null;
        }
        List<T> taken = new ArrayList<>();
        for (T letter = letters.poll(); letter != null; letter = letters.poll()) {
            size.decrementAndGet();
            taken.add(letter);
        }
        return taken;
    }

    /** Letters that found no room since the last call. */
    public long takeDropped() {
        return dropped.getAndSet(0);
    }
}
