package buoy.lb.pool;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Some {@link Times} added up, which are then told as {@link Percentiles}. Of use again and again:
 * a picture of ten thousand servers takes thirty thousand of them, and each has thousands of steps,
 * of which few have been seen. One thread at a time.
 */
public final class Distribution {
    private static final double[] PERCENTS = {50, 90, 99, 99.9};

    /** By step; beyond its end, and outside of {@code [first, end)}, there are none. */
    private long[] counts = {};

    private int first = Integer.MAX_VALUE;
    private int end;
    private long total;

    /** Nothing is in it from now on. */
    void clear() {
        if (first < end) {
            Arrays.fill(counts, first, end, 0);
        }
        first = Integer.MAX_VALUE;
        end = 0;
        total = 0;
    }

    /**
     * Adds counts as they are now.
     *
     * @param step that of the first of them
     */
    void add(int step, AtomicLongArray more) {
        int until = step + more.length();
        if (until > counts.length) {
            counts = Arrays.copyOf(counts, until);
        }
        for (int i = 0; i < more.length(); i++) {
            long count = more.getOpaque(i);
            counts[step + i] += count;
            total += count;
        }
        first = Math.min(first, step);
        end = Math.max(end, until);
    }

    /**
     * What is known of it: each percentile is the longest time of its step, and the sum is of the
     * middles of steps, as HdrHistogram has them.
     *
     * @param bounds in rising order
     */
    Percentiles percentiles(List<Duration> bounds) {
        if (total == 0) {
            return Percentiles.none(bounds);
        }
        Duration[] found = new Duration[PERCENTS.length];
        int next = 0;
        long wanted = rank(PERCENTS[0]);
        long seen = 0;
        long max = 0;
        double sum = 0;
        for (int step = first; step < end; step++) {
            long count = counts[step];
            if (count == 0) {
                continue;
            }
            long least = Times.micros(step);
            max = Times.micros(step + 1) - 1;
            sum += (least + (max - least + 1) / 2) * (double) count;
            seen += count;
            while (next < found.length && seen >= wanted) {
                found[next++] = micros(max);
                wanted = next < found.length ? rank(PERCENTS[next]) : 0;
            }
        }
        long[] micros = new long[bounds.size()];
        Arrays.setAll(micros, i -> bounds.get(i).toNanos() / 1000);
        return new Percentiles(
                total,
                found[0],
                found[1],
                found[2],
                found[3],
                micros(max),
                micros(Math.round(sum)),
                List.of(atMost(micros)));
    }

    /** How many of all are no longer than a percentile, rounded up, but for what rounding adds. */
    private long rank(double percent) {
        return Math.max(1, (long) Math.ceil(Math.nextDown(percent) * total / 100));
    }

    private static Duration micros(long micros) {
        return Duration.ofNanos(micros * 1000);
    }

    /**
     * How many took no longer than each of some bounds.
     *
     * @param micros the bounds, in rising order
     */
    Long[] atMost(long[] micros) {
        Long[] atMost = new Long[micros.length];
        int bound = 0;
        long seen = 0;
        for (int step = first; step < end && bound < micros.length; step++) {
            long count = counts[step];
            if (count == 0) {
                continue;
            }
            long most = Times.micros(step + 1) - 1;
            while (bound < micros.length && most > micros[bound]) {
                atMost[bound++] = seen;
            }
            seen += count;
        }
        Arrays.fill(atMost, bound, atMost.length, seen);
        return atMost;
    }

    long total() {
        return total;
    }
}
