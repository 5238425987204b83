package buoy.lb.pool;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/**
 * A distribution of times, each within one percent. All zero when {@code count} is.
 *
 * @param p999 at 99.9 percent
 * @param sum of all of them, within one percent too
 * @param atMost how many took no longer than each of the bounds, which are {@link #BOUNDS} or,
 *     where sessions are meant, {@link #SESSION_BOUNDS}
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

    /** From one query to what a pool of connections keeps for a week. */
    public static final List<Duration> SESSION_BOUNDS =
            List.of(
                    Duration.ofMillis(10),
                    Duration.ofMillis(100),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(10),
                    Duration.ofMinutes(1),
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(15),
                    Duration.ofHours(1),
                    Duration.ofHours(4),
                    Duration.ofHours(12),
                    Duration.ofDays(1),
                    Duration.ofDays(7));

    public Percentiles {
        atMost = List.copyOf(atMost);
    }

    /** Of no times at all. */
    static Percentiles none(int bounds) {
        return new Percentiles(
                0,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                Collections.nCopies(bounds, 0L));
    }
}
