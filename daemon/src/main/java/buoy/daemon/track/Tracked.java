package buoy.daemon.track;

import java.time.Instant;
import java.util.Optional;

/**
 * One thing that routers track, for people.
 *
 * @param what it is, such as {@code script /usr/local/bin/check}
 * @param seen what was seen last, in words
 * @param since when it entered its state; empty while that is unknown
 * @param how it is watched, in words
 */
public record Tracked(String what, State state, String seen, Optional<Instant> since, String how) {
    /** Whether it is as it should be. */
    public enum State {
        /** Nothing has been seen yet. */
        UNKNOWN,
        GOOD,
        TROUBLE
    }
}
