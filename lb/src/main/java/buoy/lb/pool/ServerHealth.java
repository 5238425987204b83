package buoy.lb.pool;

import java.time.Instant;

/**
 * What is known of a server.
 *
 * @param since wall time, for people
 * @param why in a few words, such as {@code HTTP 200} or {@code connection refused}
 * @param otherRole whether it is down only because it is something else than this pool wants, such
 *     as a replica among those for the primary: nothing is wrong with it
 */
public record ServerHealth(State state, Instant since, String why, boolean otherRole) {
    public ServerHealth(State state, Instant since, String why) {
        this(state, since, why, false);
    }

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
