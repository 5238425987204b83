package buoy.config.model;

import buoy.config.model.BasicAuth.Users;
import java.util.Optional;

/**
 * {@code stats}: where the stats page, metrics and liveness are served.
 *
 * @param users of whom visitors have to be one; empty: anybody may look
 * @param actions whether they may change something; there are users then
 */
public record StatsSettings(Endpoint bind, Optional<Users> users, boolean actions) {
    /** For anybody, to look. */
    public StatsSettings(Endpoint bind) {
        this(bind, Optional.empty(), false);
    }
}
