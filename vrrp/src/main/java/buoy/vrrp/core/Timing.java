package buoy.vrrp.core;

import java.time.Duration;

/** The timers' arithmetic, exact to the nanosecond (RFC 9568 6.1, RFC 3768 6.1). */
public final class Timing {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private Timing() {}

    /**
     * Skew_Time: what makes the better of several backups come first. Version 3 scales it by the
     * active router's interval; in version 2 it is a part of one second whatever the interval.
     */
    public static Duration skew(Version version, Priority own, Duration activeInterval) {
        Duration whole = version == Version.V2 ? SECOND : activeInterval;
        return whole.multipliedBy(256 - own.value()).dividedBy(256);
    }

    /** Active_Down_Interval (Master_Down_Interval): silence for this long means it is gone. */
    public static Duration activeDown(Version version, Priority own, Duration activeInterval) {
        return activeInterval.multipliedBy(3).plus(skew(version, own, activeInterval));
    }
}
