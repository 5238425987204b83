package buoy.lb.pool;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * {@code slow-start}: a server that came back up is given its share in {@value #STEPS} even steps,
 * so that empty caches and cold code are not met with full load.
 */
public final class SlowStart {
    /** How many, and so how often a rising server is looked at. */
    public static final int STEPS = 20;

    private SlowStart() {}

    /**
     * How many of the steps a server has come.
     *
     * @param risen how long ago it came back up; null if it always was
     * @return 1 to {@value #STEPS}
     */
    static int step(@Nullable Duration risen, Duration whole) {
        if (risen == null || risen.compareTo(whole) >= 0) {
            return STEPS;
        }
        return Math.clamp(STEPS * risen.toNanos() / whole.toNanos() + 1, 1, STEPS);
    }
}
