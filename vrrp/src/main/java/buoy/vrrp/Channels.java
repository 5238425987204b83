package buoy.vrrp;

import buoy.vrrp.Lan.Opening;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The open channels: voices that want an equal one share it. */
final class Channels {
    private final Lan lan;
    private final Map<Opening, Shared> open = new HashMap<>();

    Channels(Lan lan) {
        this.lan = lan;
    }

    /** One open channel and the voices that listen on it. */
    static final class Shared {
        final Opening opening;
        final AdvertisementChannel channel;

        /** By VRID, which RFC 9568 5.2.3 makes unique on a link: however many, one looks once. */
        private final Map<Integer, Voice> listeners = new HashMap<>();

        /** Datagrams for no router of ours: other hosts' routers, or garbage. */
        long forNobody;

        private Shared(Opening opening, AdvertisementChannel channel) {
            this.opening = opening;
            this.channel = channel;
        }

        Optional<Voice> listener(int routerId) {
            return Optional.ofNullable(listeners.get(routerId));
        }

        List<Voice> listeners() {
            return List.copyOf(listeners.values());
        }
    }

    Shared join(Opening opening, Voice listener) throws KernelRefused {
        Shared shared = open.get(opening);
        if (shared == null) {
            shared = new Shared(opening, lan.open(opening));
            open.put(opening, shared);
        }
        shared.listeners.put(listener.routerId(), listener);
        return shared;
    }

    void leave(Shared shared, Voice listener) {
        shared.listeners.remove(listener.routerId(), listener);
        if (shared.listeners.isEmpty() && open.remove(shared.opening, shared)) {
            shared.channel.close();
        }
    }

    /** Those open now; not to be walked while routers join or leave. */
    Collection<Shared> all() {
        return open.values();
    }
}
