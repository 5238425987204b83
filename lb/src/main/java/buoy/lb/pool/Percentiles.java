package buoy.lb.pool;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.HdrHistogram.Histogram;

/**
 * A distribution of latencies, each within one percent. All zero when {@code count} is.
 *
 * @param p999 at 99.9 percent
 * @param sum of all of them, within one percent too
 */
public record Percentiles(
        long count,
        Duration p50,
        Duration p90,
        Duration p99,
        Duration p999,
        Duration max,
        Duration sum) {

    static Percentiles of(Histogram micros) {
        return new Percentiles(
                micros.getTotalCount(),
                at(micros, 50),
                at(micros, 90),
                at(micros, 99),
                at(micros, 99.9),
                Duration.of(micros.getMaxValue(), ChronoUnit.MICROS),
                Duration.of(
                        Math.round(micros.getMean() * micros.getTotalCount()), ChronoUnit.MICROS));
    }

    private static Duration at(Histogram micros, double percentile) {
        return Duration.of(micros.getValueAtPercentile(percentile), ChronoUnit.MICROS);
    }
}
