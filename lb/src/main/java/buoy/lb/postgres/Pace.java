package buoy.lb.postgres;

/**
 * Turns at an even pace, some of them at once: whoever comes is told how long to wait for its turn.
 * What waits is bounded, because nobody is given a turn that is far away.
 */
final class Pace {
    private final long everyNanos;
    private final long atOnceNanos;
    private final long farthestNanos;

    /** When the turns given so far are used up, if they are used evenly. */
    private long usedUp;

    private boolean begun;

    /**
     * @param perSecond turns
     * @param atOnce turns that may be taken together after a time of quiet
     * @param farthestNanos the longest wait
     */
    Pace(int perSecond, int atOnce, long farthestNanos) {
        this.everyNanos = 1_000_000_000L / perSecond;
        this.atOnceNanos = everyNanos * (atOnce - 1);
        this.farthestNanos = farthestNanos;
    }

    /**
     * Takes the next turn.
     *
     * @param now in nanoseconds of a clock that never goes back
     * @return nanoseconds to wait; negative if the turn would be too far away, and none is taken
     */
    long turn(long now) {
        if (!begun || usedUp - now < 0) {
            begun = true;
            usedUp = now;
        }
        long wait = Math.max(0, usedUp - now - atOnceNanos);
        if (wait > farthestNanos) {
            return -1;
        }
        usedUp += everyNanos;
        return wait;
    }
}
