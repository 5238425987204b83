package buoy.lb.pool;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Function;

/**
 * Counts of one server or listener on one worker. Only that worker writes; anyone reads, a moment
 * late at worst. Counts never go down.
 */
public final class Tally {
    private static final int FINISHED = 0;
    private static final int FROM_CLIENT = 1;
    private static final int TO_CLIENT = 2;
    private static final int RETRIES = 3;
    private static final int STATUSES = 4;
    private static final int CLASSES = 5;
    private static final int FAILURES = STATUSES + CLASSES;

    private static final Reason[] REASONS = Reason.values();
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);
    private static final Duration LONGEST_SESSION = Duration.ofDays(30);

    private static final AtomicLongArray NOTHING = new AtomicLongArray(FAILURES + REASONS.length);

    /** Made with the first: most servers of most workers in a large configuration count nothing. */
    private volatile AtomicLongArray counts = NOTHING;

    private final Times latencies = new Times(LONGEST_WAIT);
    private final Times connects = new Times(LONGEST_WAIT);
    private final Times sessions = new Times(LONGEST_SESSION);

    /** An exchange or a session ended as it should. */
    public void finished() {
        add(FINISHED, 1);
    }

    /** An exchange or a session failed. */
    public void failed(Reason reason) {
        add(slot(reason), 1);
    }

    /** A server's final answer to an exchange went to the client. */
    public void answered(int status) {
        add(STATUSES + Math.clamp(status / 100, 1, CLASSES) - 1, 1);
    }

    /** A failed connect or a stale connection was answered by another try. */
    public void retried() {
        add(RETRIES, 1);
    }

    /** Bytes on their way to the server. */
    public void fromClient(long bytes) {
        add(FROM_CLIENT, bytes);
    }

    /** Bytes on their way to the client. */
    public void toClient(long bytes) {
        add(TO_CLIENT, bytes);
    }

    /**
     * How long the server took: of an exchange until the first byte of the answer, of a session
     * until it was connected.
     */
    public void latency(long nanos) {
        latencies.record(nanos);
    }

    /** How long it took until a new connection was of use, TLS and all. */
    public void connected(long nanos) {
        connects.record(nanos);
    }

    /** How long a session with a server lasted, however it ended. */
    public void lasted(long nanos) {
        sessions.record(nanos);
    }

    // The order of reasons never leaves the process, so it may change from version to version.
    @SuppressWarnings("EnumOrdinal")
    private static int slot(Reason reason) {
        return FAILURES + reason.ordinal();
    }

    @SuppressWarnings("ReferenceEquality")
    private void add(int index, long by) {
        AtomicLongArray mine = counts;
        if (mine == NOTHING) {
            mine = new AtomicLongArray(NOTHING.length());
            counts = mine;
        }
        // One writer: no locked instruction is needed, only that a reader sees whole values.
        mine.setOpaque(index, mine.getPlain(index) + by);
    }

    /**
     * The sum of several tallies, as of now. Not for workers.
     *
     * @param times to add them up in
     */
    public static Totals sum(Iterable<Tally> tallies, Distribution times) {
        long[] sum = new long[FAILURES + REASONS.length];
        for (Tally tally : tallies) {
            for (int i = 0; i < sum.length; i++) {
                sum[i] += tally.counts.getOpaque(i);
            }
        }
        Map<Reason, Long> failures = new EnumMap<>(Reason.class);
        for (Reason reason : REASONS) {
            long count = sum[slot(reason)];
            if (count > 0) {
                failures.put(reason, count);
            }
        }
        return new Totals(
                sum[FINISHED],
                sum[FROM_CLIENT],
                sum[TO_CLIENT],
                sum[RETRIES],
                List.of(
                        sum[STATUSES],
                        sum[STATUSES + 1],
                        sum[STATUSES + 2],
                        sum[STATUSES + 3],
                        sum[STATUSES + 4]),
                failures,
                percentiles(tallies, tally -> tally.latencies, Bounds.OF_ANSWERS, times),
                percentiles(tallies, tally -> tally.connects, Bounds.OF_ANSWERS, times),
                percentiles(tallies, tally -> tally.sessions, Bounds.OF_SESSIONS, times));
    }

    /** What is cheap to know of several tallies, as of now. Not for workers. */
    public static Flow flow(String name, Iterable<Tally> tallies) {
        long finished = 0;
        long failed = 0;
        for (Tally tally : tallies) {
            finished += tally.counts.getOpaque(FINISHED);
            for (int i = FAILURES; i < tally.counts.length(); i++) {
                failed += tally.counts.getOpaque(i);
            }
        }
        Distribution latencies = new Distribution();
        addUp(tallies, tally -> tally.latencies, latencies);
        return new Flow(name, finished, failed, List.of(Flow.buckets(latencies)));
    }

    private static Percentiles percentiles(
            Iterable<Tally> tallies,
            Function<Tally, Times> which,
            Bounds bounds,
            Distribution sum) {
        addUp(tallies, which, sum);
        return sum.percentiles(bounds);
    }

    private static void addUp(
            Iterable<Tally> tallies, Function<Tally, Times> which, Distribution sum) {
        sum.clear();
        for (Tally tally : tallies) {
            which.apply(tally).addTo(sum);
        }
    }
}
