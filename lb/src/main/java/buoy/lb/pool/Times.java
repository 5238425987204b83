package buoy.lb.pool;

import java.time.Duration;
import org.HdrHistogram.AtomicHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * How long something took, again and again, on one worker. Only that worker writes; anyone reads,
 * and what comes meanwhile is in it or not. Made with the first value: most servers of most workers
 * in a large configuration see none.
 */
final class Times {
    private static final int DIGITS = 2;

    private final long longestMicros;
    private volatile @Nullable AtomicHistogram all;

    /**
     * @param longest what takes longer counts as this
     */
    Times(Duration longest) {
        longestMicros = longest.toNanos() / 1000;
    }

    void record(long nanos) {
        AtomicHistogram known = all;
        if (known == null) {
            known = new AtomicHistogram(longestMicros, DIGITS);
            all = known;
        }
        known.recordValue(Math.clamp(nanos / 1000, 0, longestMicros));
    }

    boolean isEmpty() {
        return all == null;
    }

    boolean isEmpty() {
        return recent == null;
    }

    /** A sum of these with nothing in it. */
    Histogram nothing() {
        return new Histogram(longestMicros, DIGITS);
    }

    void addTo(Histogram sum) {
        AtomicHistogram known = all;
        if (known != null) {
            sum.add(known);
        }
    }
}
