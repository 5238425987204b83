package buoy.lb.guard;

import buoy.config.model.RateLimit;

/**
 * The generic cell rate algorithm (ITU-T I.371 A.1, virtual scheduling): a bucket of tokens whose
 * whole state is one moment, the <i>theoretical arrival time</i> of the next request if all came
 * evenly. All times are nanoseconds from any one moment.
 *
 * @param interval between requests in the long run
 * @param tolerance how much too early one may come
 */
record Gcra(long interval, long tolerance) {
    static Gcra of(RateLimit limit) {
        long interval = limit.every().toNanos();
        return new Gcra(interval, interval * (limit.burst() - 1));
    }

    /** How much too early a request is: 0 if it may come now. */
    long early(long theoretical, long now) {
        return Math.max(0, theoretical - now - tolerance);
    }

    /** The theoretical arrival time behind a request that came now. */
    long next(long theoretical, long now) {
        return Math.max(theoretical, now) + interval;
    }
}
