package buoy.vrrp.core;

import java.time.Duration;

/** The timers' arithmetic, exact to the nanosecond (RFC 9568 6.1, RFC 3768 6.1). */
public final class Timing {
    private static final long SECOND = 1_000_000_000L;

    private Timing() {}

    /**
     * Skew_Time: what makes the better of several backups come first. Version 3 scales it by the
     * active router's interval; in version 2 it is a part of one second whatever the interval.
     */
    public static Duration skew(Version version, Priority own, Duration activeInterval) {
        long whole = version == Version.V2 ? SECOND : activeInterval.toNanos();
        return Duration.ofNanos(whole * (256 - own.value()) / 256);
    }

    /** Active_Down_Interval (Master_Down_Interval): silence for this long means it is gone. */
    public static Duration activeDown(Version version, Priority own, Duration activeInterval) {
        return Duration.ofNanos(3 * activeInterval.toNanos())
                .plus(skew(version, own, activeInterval));
    }
}
