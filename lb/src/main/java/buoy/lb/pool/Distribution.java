package buoy.lb.pool;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Some {@link Times} added up, which are then told as {@link Percentiles}. Of use again and again:
 * a picture of ten thousand servers takes thirty thousand of them, and each has thousands of steps,
 * of which few have been seen. One thread at a time.
 */
public final class Distribution {
    /** Those that are told; the longest of all is one more. */
    private static final double[] PERCENTS = {50, 90, 99, 99.9};

    /** By step; beyond its end, and outside of {@code [first, end)}, there are none. */
    private long[] counts = {};

    private int first = Integer.MAX_VALUE;
    private int end;
    private long total;

    /** Of all of them, each counted as the middle of its step. */
    private long micros;

    /** Nothing is in it from now on. */
    void clear() {
        if (first < end) {
            Arrays.fill(counts, first, end, 0);
        }
        first = Integer.MAX_VALUE;
        end = 0;
        total = 0;
        micros = 0;
    }

    /**
     * Adds counts as they are now.
     *
     * @param step that of the first of them; all are of the same width
     */
    void add(int step, AtomicLongArray more) {
        int length = more.length();
        int until = step + length;
        if (until > counts.length) {
            counts = Arrays.copyOf(counts, until);
        }
        long[] sums = counts;
        long added = 0;
        long widths = 0;
        // Most are 0, but which is hard to foresee: without a condition it is faster.
        for (int i = 0; i < length; i++) {
            long count = more.getOpaque(i);
            sums[step + i] += count;
            added += count;
            widths += count * i;
        }
        total += added;
        micros += added * Times.middle(step) + widths * Times.width(step);
        first = Math.min(first, step);
        end = Math.max(end, until);
    }

    /**
     * What is known of it: each percentile is the longest time of its step, and the sum is of the
     * middles of steps, as HdrHistogram has them.
     */
    Percentiles percentiles(Bounds bounds) {
        if (total == 0) {
            return bounds.none();
        }
        Duration[] found = new Duration[PERCENTS.length + 1];
        int step = first;
        long before = 0;
        for (int i = 0; i < found.length; i++) {
            long wanted = i < PERCENTS.length ? rank(PERCENTS[i]) : total;
            while (before + counts[step] < wanted) {
                before += counts[step++];
            }
            found[i] = longest(step);
        }
        return new Percentiles(
                total,
                found[0],
                found[1],
                found[2],
                found[3],
                found[4],
                Duration.of(micros, ChronoUnit.MICROS),
                List.of(atMost(bounds)));
    }

    /** How many of all are no longer than a percentile, rounded up, but for what rounding adds. */
    private long rank(double percent) {
        return Math.max(1, (long) Math.ceil(Math.nextDown(percent) * total / 100));
    }

    private static Duration longest(int step) {
        return Duration.of(Times.micros(step + 1) - 1, ChronoUnit.MICROS);
    }

    /** How many took no longer than each of some bounds. */
    Long[] atMost(Bounds bounds) {
        Long[] atMost = new Long[bounds.count()];
        int step = first;
        long seen = 0;
        for (int i = 0; i < atMost.length; i++) {
            int until = Math.min(bounds.beyond(i), end);
            while (step < until) {
                seen += counts[step++];
            }
            atMost[i] = seen;
        }
        return atMost;
    }

    long total() {
        return total;
    }
}
