package buoy.lb;

import buoy.config.model.Listener;
import buoy.lb.http.Http;
import buoy.lb.listen.Front;
import buoy.lb.pool.Pool;
import buoy.lb.postgres.PostgresFront;
import buoy.lb.relay.TcpFront;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes what a listener does out of its configuration. */
final class Fronts {
    private final Http http;

    Fronts(Http http) {
        this.http = http;
    }

    Front front(Listener listener, Map<String, Pool> pools) {
        return switch (listener) {
            case Listener.Http config -> http.front(config, pools);
            case Listener.Tcp config -> new TcpFront(config, named(pools, config.pool()));
            case Listener.Postgres config -> new PostgresFront(config, named(pools, config.pool()));
        };
    }

    private static Pool named(Map<String, Pool> pools, String name) {
        @Nullable Pool pool = pools.get(name);
        if (pool == null) {
            throw new IllegalArgumentException("no pool " + name + " in this configuration");
        }
        return pool;
    }
}
