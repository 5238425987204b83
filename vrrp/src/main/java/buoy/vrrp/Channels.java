package buoy.vrrp;

import buoy.vrrp.Lan.Opening;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The open channels: routers that want an equal one share it. */
final class Channels {
    private final Lan lan;
    private final Map<Opening, Shared> open = new HashMap<>();

    Channels(Lan lan) {
        this.lan = lan;
    }

    /** One open channel and the routers that listen on it. */
    static final class Shared {
        final Opening opening;
        final AdvertisementChannel channel;
        final List<Router> listeners = new ArrayList<>();

        /** Datagrams for no router of ours: other hosts' routers, or garbage. */
        long forNobody;

        private Shared(Opening opening, AdvertisementChannel channel) {
            this.opening = opening;
            this.channel = channel;
        }
    }

    Shared join(Opening opening, Router listener) throws KernelRefused {
        Shared shared = open.get(opening);
        if (shared == null) {
            shared = new Shared(opening, lan.open(opening));
            open.put(opening, shared);
        }
        shared.listeners.add(listener);
        return shared;
    }

    void leave(Shared shared, Router listener) {
        shared.listeners.remove(listener);
        if (shared.listeners.isEmpty() && open.remove(shared.opening, shared)) {
            shared.channel.close();
        }
    }

    /** Those open now; not to be walked while routers join or leave. */
    Collection<Shared> all() {
        return open.values();
    }
}
