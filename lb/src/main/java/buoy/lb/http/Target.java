package buoy.lb.http;

import buoy.config.model.Pool.Timeouts;
import buoy.config.model.Template;
import buoy.lb.http.route.Prefix;
import buoy.lb.pool.Pool;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a route does, its pools resolved. */
sealed interface Target {
    /** To a server. */
    record ToPool(Pool pool, Passage passage) implements Target {}

    record ToOneOf(Split split, Passage passage) implements Target {}

    record Respond(int status, String body) implements Target {}

    record Redirect(Template to, int status) implements Target {}

    record RedirectToHttps() implements Target {}

    /**
     * How requests of a route pass.
     *
     * @param strip taken off their path
     * @param mirror gets a copy of each
     * @param bodyNanos the longest pause in a request's body
     * @param tunnel the longest silence after an upgrade
     * @param response in place of the pool's, until the first byte of an answer
     * @param responseIdle in place of the pool's, for pauses within it
     */
    record Passage(
            @Nullable Prefix strip,
            @Nullable Pool mirror,
            long bodyNanos,
            Duration tunnel,
            Optional<Duration> response,
            Optional<Duration> responseIdle) {
        /** Those of the pool, where the route says nothing. */
        Timeouts timeouts(Pool pool) {
            Timeouts usual = pool.config().timeouts();
            return response.isEmpty() && responseIdle.isEmpty()
                    ? usual
                    : new Timeouts(
                            usual.connect(),
                            response.orElse(usual.response()),
                            responseIdle.orElse(usual.responseIdle()),
                            usual.tcp());
        }
    }
}
