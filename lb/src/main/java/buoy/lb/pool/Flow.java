package buoy.lb.pool;

import java.util.Arrays;
import java.util.List;

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

    public Flow {
        latencies = List.copyOf(latencies);
    }

    static Long[] buckets(Distribution times) {
        long[] bounds = new long[BUCKETS - 1];
        Arrays.setAll(bounds, bucket -> belowMicros(bucket) - 1);
        Long[] buckets = Arrays.copyOf(times.atMost(bounds), BUCKETS);
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
