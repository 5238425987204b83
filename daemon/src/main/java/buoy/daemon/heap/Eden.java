package buoy.daemon.heap;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Where new objects of this process are made, and how much room it has. Any thread. */
public final class Eden {
    private static final long LOOK_NANOS = Duration.ofSeconds(1).toNanos();

    /** Twice what it takes to read a configuration with 10,000 servers and put it in place. */
    private static final long ROOM = 96L << 20;

    /** Of the heap's bound: eden may be full before anybody looks at that. */
    private static final int SHARE_OF_HEAP = 8;

    private final Collector collector;
    private final LongSupplier clock;
    private EdenSize size = EdenSize.INITIAL;
    private int rooms;
    private long held = EdenSize.SMALLEST;
    private long lookedAt;
    private long allocated;

    Eden(Collector collector, LongSupplier clock) {
        this.collector = collector;
        this.clock = clock;
        startOver();
    }

    public static Eden ofThisProcess() {
        return new Eden(Collector.ofThisProcess(), System::nanoTime);
    }

    /** Room for much at once. */
    public interface Room extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Looks what has been allocated, once a second at most, and resizes by it. Called again and
     * again.
     */
    public synchronized void look() {
        if (rooms > 0) {
            return;
        }
        Duration elapsed = Duration.ofNanos(clock.getAsLong() - lookedAt);
        if (elapsed.toNanos() >= LOOK_NANOS) {
            size = size.after(collector.allocated() - allocated, elapsed);
            startOver();
        }
        hold(size.bytes());
    }

    /**
     * Makes room until it is closed, so that a piece of work that allocates much meets no
     * collection. What it allocates does not count as load.
     */
    public synchronized Room makeRoom() {
        rooms++;
        hold(ROOM);
        return this::leave;
    }

    /** The next look narrows it: by then whoever waits for the work is answered, mostly. */
    private synchronized void leave() {
        rooms--;
        startOver();
    }

    private void startOver() {
        lookedAt = clock.getAsLong();
        allocated = collector.allocated();
    }

    /** Again and again while it is wide: after each collection the policy takes some away. */
    private void hold(long bytes) {
        long bounded =
                Math.max(EdenSize.SMALLEST, Math.min(bytes, collector.most() / SHARE_OF_HEAP));
        if (bounded != held || bounded > EdenSize.SMALLEST) {
            collector.resizeEden(bounded);
        }
        if (bounded < held) {
            collector.collectYoung();
        }
        held = bounded;
    }
}
