package buoy.daemon.track;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Whether one worker hangs, judged by looks at it in a row. Silence alone does not tell: on a
 * starved machine a healthy worker is silent as well, because it waits for a core. So only the part
 * of the silence counts in which it could have shown life: the time it was given a core, and the
 * time it slept. And of what lies between two looks no more than {@link #MOST} counts, because a
 * process that was stopped, or paused with its machine, did not look either.
 *
 * @param silent what counts since the last sign of life
 * @param last what the kernel said of its thread at the last look
 * @param computing whether it was running rather than asleep then
 */
record Pulse(long lookedAt, Duration silent, Optional<ThreadTimes> last, boolean computing) {
    /** A worker that could have shown life for this long, and did not, hangs. */
    static final Duration HUNG = Duration.ofSeconds(2);

    /** Twice the time between looks. */
    static final Duration MOST = Duration.ofMillis(500);

    /** The first look. */
    static Pulse first(long now) {
        return new Pulse(now, Duration.ZERO, Optional.empty(), false);
    }

    /**
     * The next look.
     *
     * @param sinceTick how long ago it showed life last
     * @param now the time, in nanoseconds
     * @param times what the kernel says of its thread; empty where it does not tell
     */
    Pulse look(Duration sinceTick, long now, Optional<ThreadTimes> times) {
        Duration sinceLook = Duration.ofNanos(now - lookedAt);
        if (sinceTick.compareTo(sinceLook) < 0) {
            return new Pulse(now, Duration.ZERO, times, false);
        }
        Duration passed = Collections.min(List.of(sinceLook, MOST));
        boolean runs = times.isPresent() && times.get().running();
        Duration could = passed;
        if (times.isPresent() && last.isPresent()) {
            ThreadTimes before = last.get();
            could =
                    runs
                            ? Collections.min(
                                    List.of(passed, times.get().onCore().minus(before.onCore())))
                            : passed.minus(times.get().queued().minus(before.queued()));
        }
        Duration counted = could.isNegative() ? silent : silent.plus(could);
        return new Pulse(now, counted, times, runs);
    }

    boolean hangs() {
        return silent.compareTo(HUNG) >= 0;
    }

    /** What it seems to do instead of its work. */
    String instead() {
        return computing ? "it computes without end" : "it waits for something";
    }
}
