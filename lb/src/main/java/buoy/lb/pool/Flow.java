package buoy.lb.pool;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What has gone through a listener or a pool since the start: what is cheap to know of it, for who
 * asks often.
 *
 * @param latencies how often its servers took how long: {@value #BUCKETS} counts, each of what took
 *     less than {@link #belowMicros} and is not in the one before
 */
public record Flow(String name, long finished, long failed, List<Long> latencies) {
    public static final int BUCKETS = 16;

    private static final long FIRST_MICROS = 250;

    private static final Bounds BOUNDS =
            new Bounds(
                    IntStream.range(0, BUCKETS - 1)
                            .mapToObj(i -> Duration.of(belowMicros(i) - 1, ChronoUnit.MICROS))
                            .toList());

    public Flow {
        latencies = List.copyOf(latencies);
    }

    static Long[] buckets(Distribution times) {
        Long[] buckets = Arrays.copyOf(times.atMost(BOUNDS), BUCKETS);
        buckets[BUCKETS - 1] = times.total();
        for (int i = BUCKETS - 1; i > 0; i--) {
            buckets[i] -= buckets[i - 1];
        }
        return buckets;
    }

    /** The bound of a bucket: each is twice the one before. The last has none in truth. */
    public static long belowMicros(int bucket) {
        return FIRST_MICROS << bucket;
    }
}
