package buoy.lb.postgres;

import buoy.config.model.Listener;
import buoy.config.model.Listener.PostgresMatch;
import buoy.config.model.Listener.PostgresRoute;
import buoy.lb.pool.Pool;
import java.net.InetAddress;
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

    /** Those that are for this client. */
    Routes of(InetAddress client) {
        return all.stream().allMatch(each -> each.route().match().client().isEmpty())
                ? this
                : new Routes(
                        all.stream()
                                .filter(
                                        each ->
                                                Listener.isOneOf(
                                                        each.route().match().client(), client))
                                .toList());
    }

    /**
     * The one pool that all sessions go to and that is spoken to in clear, so that nothing needs to
     * be known of them: whatever the client begins with, TLS too, may be the server's to answer.
     */
    Optional<Pool> open() {
        return all.stream()
                .findFirst()
                .filter(first -> !first.route().match().readsStartup())
                .map(To::pool)
                .filter(pool -> pool.withFallbacks().stream().noneMatch(Pool::isSecured));
    }

    Optional<Pool> choose(StartupParameters parameters) {
        return all.stream()
                .filter(each -> fits(each.route().match(), parameters))
                .map(To::pool)
                .findFirst();
    }

    static boolean fits(PostgresMatch match, StartupParameters said) {
        return match.database().filter(wanted -> !wanted.equals(said.database())).isEmpty()
                && match.user().filter(wanted -> !wanted.equals(said.user())).isEmpty()
                && match.parameters().entrySet().stream()
                        .allMatch(
                                wanted ->
                                        said.set(wanted.getKey())
                                                .filter(wanted.getValue()::equals)
                                                .isPresent());
    }

    /** Every pool that a session of this listener may be in. */
    Set<Pool> pools() {
        Set<Pool> pools = new LinkedHashSet<>();
        all.forEach(each -> pools.addAll(each.pool().withFallbacks()));
        return pools;
    }
}
