package buoy.lb.pool;

import java.time.Duration;
import java.util.List;

/** Bounds of times, in rising order, as a {@link Distribution} counts by them. */
final class Bounds {
    /** Those of {@link Percentiles#BOUNDS}. */
    static final Bounds OF_ANSWERS = new Bounds(Percentiles.BOUNDS);

    /** Those of {@link Percentiles#SESSION_BOUNDS}. */
    static final Bounds OF_SESSIONS = new Bounds(Percentiles.SESSION_BOUNDS);

    private final int[] beyond;
    private final Percentiles none;

    Bounds(List<Duration> bounds) {
        beyond =
                bounds.stream().mapToInt(bound -> Times.step(bound.toNanos() / 1000 + 1)).toArray();
        none = Percentiles.none(bounds.size());
    }

    int count() {
        return beyond.length;
    }

    /** The first step that has times which are longer than a bound. */
    int beyond(int bound) {
        return beyond[bound];
    }

    /** What is known of no times at all. */
    Percentiles none() {
        return none;
    }
}
