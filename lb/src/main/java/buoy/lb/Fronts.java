package buoy.lb;

import buoy.config.model.Listener;
import buoy.lb.http.Http;
import buoy.lb.listen.Front;
import buoy.lb.pool.Pool;
import buoy.lb.postgres.PostgresFronts;
import buoy.lb.relay.TcpFront;
import buoy.lb.udp.UdpFront;
import buoy.lb.udp.UdpSockets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes what a listener does out of its configuration. One object for the whole process, as its
 * makers are.
 */
final class Fronts {
    private final Http http;
    private final PostgresFronts postgres;
    private final UdpSockets datagrams;

    Fronts(Http http, PostgresFronts postgres, UdpSockets datagrams) {
        this.http = http;
        this.postgres = postgres;
        this.datagrams = datagrams;
    }

    /**
     * @param before of the same listener; what is known of its clients is taken over
     */
    Front front(Listener listener, Map<String, Pool> pools, @Nullable Front before) {
        return switch (listener) {
            case Listener.Http config -> http.front(config, pools, before);
            case Listener.Tcp config -> TcpFront.of(config, name -> named(pools, name));
            case Listener.Udp config -> UdpFront.of(config, datagrams, name -> named(pools, name));
            case Listener.Postgres config -> postgres.front(config, name -> named(pools, name));
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
