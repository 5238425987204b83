package buoy.config.model;

import buoy.config.model.BasicAuth.Users;
import java.util.Optional;

/**
 * {@code stats}: where the stats page, metrics and liveness are served.
 *
 * @param users of whom visitors have to be one; empty: anybody may look
 */
public record StatsSettings(Endpoint bind, Optional<Users> users) {
    /** For anybody. */
    public StatsSettings(Endpoint bind) {
        this(bind, Optional.empty());
    }
}
