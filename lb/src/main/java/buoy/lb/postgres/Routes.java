package buoy.lb.postgres;

import buoy.config.model.Listener.PostgresMatch;
import buoy.config.model.Listener.PostgresRoute;
import buoy.lb.pool.Pool;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The routes of one listener with their pools: the first that fits decides. */
record Routes(List<To> all) {
    Routes {
        all = List.copyOf(all);
    }

    /** One route. */
    record To(PostgresRoute route, Pool pool) {}

    /**
     * The one pool that all sessions go to, so that nothing needs to be known of them: whatever the
     * client begins with, TLS too, may be the server's to answer.
     */
    Optional<Pool> only() {
        To first = all.getFirst();
        return first.route().match().equals(PostgresMatch.ANY)
                ? Optional.of(first.pool())
                : Optional.empty();
    }

    Optional<Pool> choose(StartupParameters parameters) {
        String database = parameters.database();
        String user = parameters.user();
        return all.stream()
                .filter(each -> each.route().match().fits(database, user))
                .map(To::pool)
                .findFirst();
    }

    /** Every pool that a session of this listener may be in. */
    Set<Pool> pools() {
        Set<Pool> pools = new LinkedHashSet<>();
        all.forEach(each -> pools.addAll(each.pool().withFallbacks()));
        return pools;
    }
}
