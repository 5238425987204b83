package buoy.vrrp.core;

import java.time.Duration;
import java.util.Optional;

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

    /** The nearer of two deadlines, where either may be none. */
    public static Optional<Ticks> earliest(Optional<Ticks> one, Optional<Ticks> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.isPresent() ? one : other;
        }
        return Optional.of(one.get().earliest(other.get()));
    }

    /** Whether there is a deadline, and it has come. */
    public static boolean isDue(Optional<Ticks> deadline, Ticks now) {
        return deadline.isPresent() && now.isAtOrAfter(deadline.get());
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
