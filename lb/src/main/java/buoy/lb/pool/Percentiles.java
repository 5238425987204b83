package buoy.lb.pool;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * A distribution of latencies, each within one percent. All zero when {@code count} is.
 *
 * @param p999 at 99.9 percent
 * @param sum of all of them, within one percent too
 * @param atMost how many took no longer than each of {@link #BOUNDS}
 */
public record Percentiles(
        long count,
        Duration p50,
        Duration p90,
        Duration p99,
        Duration p999,
        Duration max,
        Duration sum,
        List<Long> atMost) {
    /** From what is instant to what nobody waits for: the steps of what is summed over time. */
    public static final List<Duration> BOUNDS =
            Stream.of(1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000)
                    .map(Duration::ofMillis)
                    .toList();

    /** Nothing took any time yet. */
    static final Percentiles NONE = of(new Histogram(1));

    public Percentiles {
        atMost = List.copyOf(atMost);
    }

    static Percentiles of(Histogram micros) {
        return new Percentiles(
                micros.getTotalCount(),
                at(micros, 50),
                at(micros, 90),
                at(micros, 99),
                at(micros, 99.9),
                Duration.of(micros.getMaxValue(), ChronoUnit.MICROS),
                Duration.of(
                        Math.round(micros.getMean() * micros.getTotalCount()), ChronoUnit.MICROS),
                atMost(micros));
    }

    private static List<Long> atMost(Histogram micros) {
        long[] counts = new long[BOUNDS.size()];
        int step = 0;
        for (HistogramIterationValue value : micros.recordedValues()) {
            while (step < counts.length
                    && value.getValueIteratedTo() > BOUNDS.get(step).toNanos() / 1000) {
                step++;
            }
            if (step == counts.length) {
                break;
            }
            counts[step] += value.getCountAddedInThisIterationStep();
        }
        Arrays.parallelPrefix(counts, Long::sum);
        return Arrays.stream(counts).boxed().toList();
    }

    private static Duration at(Histogram micros, double percentile) {
        return Duration.of(micros.getValueAtPercentile(percentile), ChronoUnit.MICROS);
    }
}
