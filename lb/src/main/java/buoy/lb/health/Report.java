package buoy.lb.health;

import buoy.config.model.Health.Role;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a PostgreSQL server says of itself.
 *
 * @param system its database system's identifier, made by initdb and the same on all servers of a
 *     cluster; empty if not said
 * @param timeline raised by one with every promotion; 0 if not said
 * @param written the position in the write-ahead log up to which it has written it, or received it
 *     from its primary; 0 if not said
 * @param replayed up to which a replica shows it; 0 if not said
 */
public record Report(Role role, String system, int timeline, long written, long replayed) {
    public boolean isPrimary() {
        return role == Role.PRIMARY;
    }

    OptionalInt knownTimeline() {
        return timeline > 0 ? OptionalInt.of(timeline) : OptionalInt.empty();
    }

    /**
     * How much a replica does not show yet; empty for a primary.
     *
     * @param newest the farthest position known of its cluster
     */
    OptionalLong lag(long newest) {
        if (isPrimary() || replayed == 0) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(Math.max(0, Math.max(newest, written) - replayed));
    }
}
