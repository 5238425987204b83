package buoy.daemon.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;

/**
 * Records on their way to the writer. Any thread may offer, one takes; offering never blocks and
 * never locks, because the VRRP thread offers too.
 */
final class LineQueue {
    private final Queue<LogRecord> records = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();
    private final AtomicLong dropped = new AtomicLong();
    private final int capacity;
    private volatile @Nullable Thread sleeper;

    LineQueue(int capacity) {
        this.capacity = capacity;
    }

    void offer(LogRecord record) {
        if (size.incrementAndGet() > capacity) {
            size.decrementAndGet();
            dropped.incrementAndGet();
            return;
        }
        records.add(record);
        Thread waiting = sleeper;
        if (waiting != null) {
            LockSupport.unpark(waiting);
        }
    }

    /** Everything there is now, in order; waits up to {@code nanos} if there is nothing. */
    List<LogRecord> take(long nanos) {
        if (size.get() == 0) {
            sleeper = Thread.currentThread();
            // Looked at again after publishing the sleeper: an offer in between would not wake us.
            if (size.get() == 0) {
                LockSupport.parkNanos(this, nanos);
            }
            sleeper = null;
        }
        List<LogRecord> taken = new ArrayList<>();
        for (LogRecord record = records.poll(); record != null; record = records.poll()) {
            size.decrementAndGet();
            taken.add(record);
        }
        return taken;
    }

    /** Records that found no room since the last call. */
    long takeDropped() {
        return dropped.getAndSet(0);
    }
}
