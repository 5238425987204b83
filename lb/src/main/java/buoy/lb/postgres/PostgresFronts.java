package buoy.lb.postgres;

import buoy.config.model.Listener;
import buoy.lb.listen.Front;
import buoy.lb.pool.Pool;
import java.util.function.Function;

/**
 * Makes the fronts of PostgreSQL listeners. One object for the whole process, because what is known
 * of live sessions has to survive a reload, and to be found by every listener.
 */
public final class PostgresFronts {
    private final Cancels cancels;
    private final TlsHabits habits = new TlsHabits();

    public PostgresFronts(int workers) {
        cancels = new Cancels(workers);
    }

    /**
     * A front for this configuration of a listener.
     *
     * @param pools by name
     */
    public Front front(Listener.Postgres config, Function<String, Pool> pools) {
        Routes routes =
                new Routes(
                        config.routes().stream()
                                .map(route -> new Routes.To(route, pools.apply(route.pool())))
                                .toList());
        return new PostgresFront(routes, cancels, habits, config.idle());
    }
}
