package buoy.daemon.page;

import buoy.daemon.admin.Feed;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * The page as it changes: server-sent events (WHATWG HTML 9.2), each one part, as its HTML, of a
 * kind that is the part's id. Thread-safe.
 *
 * <p>While somebody reads, one picture is taken a second and written once, for all of them; while
 * nobody does, nothing is. A reader is no more than the versions of what it has been given: one
 * that is slow misses versions and costs nothing. A part is sent when it is another, and a large
 * one the more seldom the larger it is.
 *
 * <p>Over 200 lines, as readers and what is kept for them share one lock.
 */
public final class Live implements AutoCloseable {
    static final Duration EVERY = Duration.ofSeconds(1);

    /** What one part may send to one reader, in characters a second. */
    static final int PACE = 64 * 1024;

    private final Supplier<Picture> picture;
    private final Executor executor;
    private final Runnable onCut;
    private final Set<Runnable> readers = ConcurrentHashMap.newKeySet();

    // Guards what follows.
    private final Object lock = new Object();

    /** What a part is now: empty until it is known. */
    private final String[] frames = new String[Part.ALL.size()];

    /** When a part became this, in {@link #now}; 0 is never. */
    private final long[] versions = new long[Part.ALL.size()];

    /** Before which of {@link #now} a part is not looked at again. */
    private final long[] rests = new long[Part.ALL.size()];

    /** Counts pictures. */
    private long now;

    private boolean running;

    /** Counts the times that no picture could be had: readers of before are sent away. */
    private int failures;

    private boolean closed;

    /**
     * Nobody reads yet.
     *
     * @param picture taken on {@code executor}, may wait
     * @param onCut run, on the doors' thread, when a reader was sent away because it took nothing
     */
    public Live(Supplier<Picture> picture, Executor executor, Runnable onCut) {
        this.picture = picture;
        this.executor = executor;
        this.onCut = onCut;
        forget();
    }

    /**
     * The whole page as it is now. May wait, as a picture may.
     *
     * @param token of who may act, if he may
     */
    public String page(Optional<String> token) {
        return Page.of(picture.get(), token);
    }

    /** Somebody who reads from now on. */
    public Feed reader() {
        synchronized (lock) {
            return new Reader(failures);
        }
    }

    /** Starts taking pictures if somebody reads and nobody takes them. */
    private void start() {
        synchronized (lock) {
            if (running || readers.isEmpty() || closed) {
                return;
            }
            running = true;
        }
        executor.execute(this::run);
    }

    /** What was true when somebody last looked may be so no more, and takes room. */
    private void forget() {
        Arrays.fill(frames, "");
        Arrays.fill(versions, 0);
        Arrays.fill(rests, 0);
    }

    private void run() {
        boolean done = false;
        try {
            while (goesOn()) {
                keep(picture.get());
                readers.forEach(Runnable::run);
                LockSupport.parkNanos(this, EVERY.toNanos());
            }
            done = true;
        } finally {
            if (!done) {
                fail();
            }
        }
    }

    /** Decided in one with {@link #start}: who begins to read now is seen here or starts anew. */
    private boolean goesOn() {
        synchronized (lock) {
            running = !readers.isEmpty() && !closed;
            if (!running) {
                forget();
            }
            return running;
        }
    }

    /** Readers are sent away: they come again, and whoever does starts anew. */
    private void fail() {
        synchronized (lock) {
            running = false;
            failures++;
            forget();
        }
        readers.forEach(Runnable::run);
    }

    private void keep(Picture taken) {
        synchronized (lock) {
            now++;
        }
        for (int i = 0; i < frames.length; i++) {
            if (now >= rests[i]) {
                keep(i, frame(Part.ALL.get(i), taken));
            }
        }
    }

    private void keep(int part, String frame) {
        synchronized (lock) {
            if (versions[part] == 0 || !frame.equals(frames[part])) {
                frames[part] = frame;
                versions[part] = now;
                rests[part] = now + 1 + frame.length() / PACE;
            }
        }
    }

    /** Every line of it is data, whatever ends it. */
    static String frame(Part part, Picture picture) {
        String data = part.html(picture).replaceAll("\r\n?|\n", "\ndata: ");
        return "event: " + part.id() + "\ndata: " + data + "\n\n";
    }

    /** Nobody is told anything any more. */
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
        }
        readers.forEach(Runnable::run);
    }

    private final class Reader implements Feed {
        private final int failuresBefore;
        private final long[] seen = new long[frames.length];
        private int next;
        private Runnable wake = () -> {};

        Reader(int failuresBefore) {
            this.failuresBefore = failuresBefore;
        }

        /** The parts take turns, so that one that changes often leaves room for the others. */
        @Override
        public Optional<String> next() {
            synchronized (lock) {
                for (int i = 0; i < seen.length; i++) {
                    int part = (next + i) % seen.length;
                    if (versions[part] != seen[part] && versions[part] != 0) {
                        seen[part] = versions[part];
                        next = part + 1;
                        return Optional.of(frames[part]);
                    }
                }
                return Optional.empty();
            }
        }

        @Override
        public boolean over() {
            synchronized (lock) {
                return closed || failures != failuresBefore;
            }
        }

        @Override
        public void begin(Runnable whenMore) {
            wake = whenMore;
            readers.add(wake);
            start();
        }

        @Override
        public void end(boolean cut) {
            readers.remove(wake);
            if (cut) {
                onCut.run();
            }
        }
    }
}
