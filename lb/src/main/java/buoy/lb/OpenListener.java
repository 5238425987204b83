package buoy.lb;

import buoy.config.model.Listener;
import buoy.config.model.Location;
import buoy.lb.listen.Listening;
import java.util.List;
import java.util.Optional;

/** A listener with the sockets that are bound for it. */
record OpenListener(Listener config, Listening listening, List<Sockets> sockets) {
    OpenListener {
        sockets = List.copyOf(sockets);
    }

    /** The sockets of an address as configured, if it is bound and clients find it. */
    Optional<Sockets> at(Location asked) {
        return sockets.stream()
                .filter(each -> each.asked().equals(asked) && each.isReachable())
                .findFirst();
    }

    /** Whether its sockets are of use for this one too. */
    boolean isLike(Listener other) {
        return config instanceof Listener.Udp == other instanceof Listener.Udp;
    }

    /** As the configuration spells it. */
    String protocol() {
        return switch (config) {
            case Listener.Http _ -> "http";
            case Listener.Tcp _ -> "tcp";
            case Listener.Udp _ -> "udp";
            case Listener.Postgres _ -> "postgres";
        };
    }
}
