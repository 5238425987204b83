package buoy.vrrp.core;

import java.time.Duration;

/** A point on the monotonic clock. Never wall time: NTP must not be able to elect a router. */
public record Ticks(long nanos) {
    /** This point and a while. */
    public Ticks plus(Duration while_) {
        return new Ticks(nanos + while_.toNanos());
    }

    /** The time from {@code earlier} to this; negative if it is later. */
    public Duration since(Ticks earlier) {
        return Duration.ofNanos(nanos - earlier.nanos);
    }

    /** Subtraction, not {@code <}, so that the comparison survives nanoTime() wrapping. */
    public boolean isAtOrAfter(Ticks other) {
        return nanos - other.nanos >= 0;
    }

    /** The nearer of two deadlines. */
    public Ticks earliest(Ticks other) {
        return isAtOrAfter(other) ? other : this;
    }

    /** The farther of two deadlines. */
    public Ticks latest(Ticks other) {
        return isAtOrAfter(other) ? this : other;
    }
}
