package buoy.bench;

import java.time.Duration;

/**
 * One contender's turn.
 *
 * @param cpu used by all its processes during the load
 */
record Sample(Load load, Duration cpu) {
    /** Microseconds of CPU for each request; the figure that depends least on the rest. */
    double microsPerRequest() {
        return cpu.toNanos() / 1e3 / Math.max(1, load.requests());
    }
}
