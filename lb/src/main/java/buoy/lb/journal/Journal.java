package buoy.lb.journal;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One destination of lines, with the thread that writes them. */
public final class Journal {
    private static final int RING = 1 << 20;

    /** Lines gather for so long, so that a busy worker seldom has to wake the writer. */
    private static final Duration GATHER = Duration.ofMillis(10);

    private static final Duration LOOK = Duration.ofSeconds(1);

    /** Told of trouble, on the writer's thread; {@code to} is where lines go, as it is written. */
    public interface Told {
        /** Lines cannot be written, for a new reason. */
        void troubled(String to, String why);

        /** They can again. */
        void recovered(String to);

        /** So many more were lost. Once a second at most. */
        void lost(String to, long lines);
    }

    /** What became of its lines. */
    public record State(String to, long written, long lost, Optional<String> trouble) {}

    private final String name;
    private final LineRing[] rings;
    private final Supplier<Outlet> outlets;
    private final Told told;
    private final Thread writer;
    private final byte[] batch = new byte[RING];

    /** Lines that were taken from the workers and could not be written. */
    private final AtomicLong unwritten = new AtomicLong();

    private volatile @Nullable Thread sleeper;
    private volatile @Nullable String trouble;
    private volatile boolean anew;
    private volatile long endAt = Long.MAX_VALUE;
    private volatile boolean ending;
    private long lostBefore;
    private long saidAt = System.nanoTime() - LOOK.toNanos();

    /**
     * @param name where lines go, as it is written
     * @param outlets called once, on the writer's thread
     */
    Journal(String name, int workers, Supplier<Outlet> outlets, Told told) {
        this.name = name;
        this.outlets = outlets;
        this.told = told;
        this.rings = new LineRing[workers];
        Arrays.setAll(rings, _ -> new LineRing(RING));
        this.writer = Thread.ofPlatform().name("buoy-access").daemon().unstarted(this::run);
        writer.start();
    }

    /**
     * A worker's line, with its end. Never waits; a line that finds no room is lost and counted.
     */
    public void offer(int worker, byte[] line, int length) {
        rings[worker].offer(line, length);
        Thread waiting = sleeper;
        if (waiting != null) {
            LockSupport.unpark(waiting);
        }
    }

    /** Opens the file again, soon. */
    void reopen() {
        anew = true;
        LockSupport.unpark(writer);
    }

    /** Ends when this time is over: connections that began before may write for so long. */
    void endIn(Duration time) {
        endAt = System.nanoTime() + time.toNanos();
        ending = true;
        LockSupport.unpark(writer);
    }

    /** Waits until it has ended. */
    boolean awaitEnd(Duration patience) throws InterruptedException {
        return writer.join(patience);
    }

    State state() {
        long lines = 0;
        for (LineRing ring : rings) {
            lines += ring.lines();
        }
        return new State(name, lines - unwritten.get(), lost(), Optional.ofNullable(trouble));
    }

    private long lost() {
        long lost = unwritten.get();
        for (LineRing ring : rings) {
            lost += ring.lost();
        }
        return lost;
    }

    private void run() {
        Outlet outlet = outlets.get();
        boolean over = false;
        while (!over) {
            over = ending && System.nanoTime() - endAt >= 0;
            if (!over) {
                await();
            }
            step(outlet);
            sayLost(over);
        }
        try {
            outlet.close();
        } catch (IOException e) {
            troubled(e);
        }
    }

    private void await() {
        sleeper = Thread.currentThread();
        // Looked at again after saying so: an offer in between would not wake us.
        if (isEmpty() && !anew) {
            long left = ending ? endAt - System.nanoTime() : Long.MAX_VALUE;
            LockSupport.parkNanos(this, Math.min(LOOK.toNanos(), left));
        }
        sleeper = null;
        if (!ending) {
            LockSupport.parkNanos(this, GATHER.toNanos());
        }
    }

    private boolean isEmpty() {
        for (LineRing ring : rings) {
            if (!ring.isEmpty()) {
                return false;
            }
        }
        return true;
    }

    private void step(Outlet outlet) {
        try {
            boolean again = anew;
            anew = false;
            outlet.check(again);
        } catch (IOException e) {
            troubled(e);
        }
        for (LineRing ring : rings) {
            int length = ring.take(batch);
            if (length > 0) {
                write(outlet, length);
            }
        }
    }

    private void sayLost(boolean last) {
        long now = System.nanoTime();
        long lostNow = lost();
        if (lostNow > lostBefore && (last || now - saidAt >= LOOK.toNanos())) {
            told.lost(name, lostNow - lostBefore);
            lostBefore = lostNow;
            saidAt = now;
        }
    }

    private void write(Outlet outlet, int length) {
        try {
            outlet.write(batch, length, Outlet.Severity.INFORMATIONAL);
            if (trouble != null) {
                trouble = null;
                told.recovered(name);
            }
        } catch (IOException e) {
            unwritten.addAndGet(lines(length));
            troubled(e);
        }
    }

    private long lines(int length) {
        long lines = 0;
        for (int i = 0; i < length; i++) {
            lines += batch[i] == '\n' ? 1 : 0;
        }
        return lines;
    }

    private void troubled(IOException e) {
        String why = e.getClass().getSimpleName() + ": " + e.getMessage();
        if (!why.equals(trouble)) {
            trouble = why;
            told.troubled(name, why);
        }
    }
}
