package buoy.vrrp.core;

import java.time.Duration;

/**
 * What one router goes by, or several that move together.
 *
 * @param version version 3 where any of several speaks it: its skew time is the longer one
 * @param priority the effective one, tracking included
 * @param interval own advertisement interval
 * @param preempt whether to take over from a live active router of lower priority; an owner always
 *     does
 * @param preemptDelay how long such a router is tolerated first
 */
public record Rules(
        Version version,
        Priority priority,
        Duration interval,
        boolean preempt,
        Duration preemptDelay) {

    public Rules withVersion(Version other) {
        return new Rules(other, priority, interval, preempt, preemptDelay);
    }

    public Rules withPriority(Priority other) {
        return new Rules(version, other, interval, preempt, preemptDelay);
    }

    boolean preempts() {
        return preempt || priority.isOwner();
    }

    Duration toleranceOfLesser() {
        return priority.isOwner() ? Duration.ZERO : preemptDelay;
    }
}
