package buoy.lb.pool;

import java.time.Instant;

/**
 * What is known of a server.
 *
 * @param since wall time, for people
 * @param why in a few words, such as {@code HTTP 200} or {@code connection refused}
 */
public record ServerHealth(State state, Instant since, String why) {
    /** Only {@code UP} takes new work. */
    public enum State {
        /** Not checked yet. */
        UNKNOWN,
        UP,
        DOWN
    }

    public boolean isUp() {
        return state == State.UP;
    }
}
