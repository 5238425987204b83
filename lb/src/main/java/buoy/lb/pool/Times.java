package buoy.lb.pool;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * How long something took, again and again, on one worker. Only that worker writes; anyone reads, a
 * moment late at worst.
 *
 * <p>There is one of these for each server, worker and kind of time, so it takes room for what it
 * has seen alone: counts in the steps of an HdrHistogram of two digits, in parts made with their
 * first value. Like answers take a few kilobytes, where a histogram takes thirty, and a thousand
 * servers on eight workers would take all there is.
 */
final class Times {
    /** Steps in which values double: the first power of two that has one in a hundred each. */
    private static final int STEPS = 128;

    private static final int DOUBLINGS_BELOW = Integer.numberOfTrailingZeros(STEPS);

    /** Divides {@link #STEPS}: all steps of a part are of the same width. */
    private static final int PART = 32;

    private static final AtomicLongArray NOTHING = new AtomicLongArray(0);

    private final long longestMicros;
    private volatile @Nullable AtomicReferenceArray<AtomicLongArray> parts;

    /**
     * @param longest what takes longer counts as this
     */
    Times(Duration longest) {
        longestMicros = longest.toNanos() / 1000;
    }

    void record(long nanos) {
        AtomicReferenceArray<AtomicLongArray> table = parts;
        if (table == null) {
            table = new AtomicReferenceArray<>(step(longestMicros) / PART + 1);
            for (int i = 0; i < table.length(); i++) {
                table.setPlain(i, NOTHING);
            }
            parts = table;
        }
        int step = step(Math.clamp(nanos / 1000, 0, longestMicros));
        AtomicLongArray part = table.getPlain(step / PART);
        if (part.length() == 0) {
            part = new AtomicLongArray(PART);
            table.setRelease(step / PART, part);
        }
        // One writer: no locked instruction is needed, only that a reader sees whole values.
        part.setOpaque(step % PART, part.getPlain(step % PART) + 1);
    }

    /** Up to twice {@link #STEPS} each value has its own, from there on each doubling as many. */
    static int step(long micros) {
        int shift = Math.max(0, 63 - Long.numberOfLeadingZeros(micros | 1) - DOUBLINGS_BELOW);
        return shift * STEPS + (int) (micros >>> shift);
    }

    /** The least value of a step. */
    static long micros(int step) {
        int shift = Math.max(0, step / STEPS - 1);
        return (long) (step - shift * STEPS) << shift;
    }

    /** How many values a step has. */
    static long width(int step) {
        return micros(step + 1) - micros(step);
    }

    /** What all values of a step are taken for, where they are added up. */
    static long middle(int step) {
        return micros(step) + width(step) / 2;
    }

    void addTo(Distribution sum) {
        AtomicReferenceArray<AtomicLongArray> table = parts;
        if (table == null) {
            return;
        }
        for (int i = 0; i < table.length(); i++) {
            AtomicLongArray part = table.getAcquire(i);
            if (part.length() > 0) {
                sum.add(i * PART, part);
            }
        }
    }
}
