package buoy.config;

import buoy.config.model.Listener;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What pools do with requests, and cannot do with sessions, which have none; and what they do with
 * connections, and cannot do with datagrams.
 */
final class ForRequests {
    private record Need(String pool, String what, String remedy, Place place, String path) {
        void reject(String whatIsThere, Problems problems) {
            problems.reject(
                    place,
                    path,
                    "%s needs %s (%s)".formatted(Text.shown(what), whatIsThere, remedy));
        }
    }

    private final List<Need> needs = new ArrayList<>();
    private final List<Need> ofConnections = new ArrayList<>();
    private final List<Need> ofSessions = new ArrayList<>();

    /**
     * @param what needs requests, as it is spelt
     * @param remedy what to do, without brackets
     */
    void note(String pool, String what, String remedy, Place place, String path) {
        needs.add(new Need(pool, what, remedy, place, path));
    }

    /** The same of what needs connections. */
    void noteOfConnections(String pool, String what, String remedy, Place place, String path) {
        ofConnections.add(new Need(pool, what, remedy, place, path));
    }

    /** The same of what needs a connection for each client: requests share theirs. */
    void noteOfSessions(String pool, String what, String remedy, Place place, String path) {
        ofSessions.add(new Need(pool, what, remedy, place, path));
    }

    /**
     * Says where sessions come to such a pool.
     *
     * @param fallbacks from pool to pool
     */
    void rejectSessions(
            Map<String, Listener> listeners,
            Map<String, Section.Item<String>> fallbacks,
            Problems problems) {
        for (Listener listener : listeners.values()) {
            Set<String> reached = reached(listener, fallbacks);
            for (Need need : needs) {
                if (reached.contains(need.pool)) {
                    need.reject(
                            "requests, and listener %s has sessions".formatted(listener.name()),
                            problems);
                }
            }
            for (Need need : ofSessions) {
                if (listener instanceof Listener.Http http && asks(http, need.pool, fallbacks)) {
                    need.reject(
                            "sessions, and listener %s has requests".formatted(listener.name()),
                            problems);
                }
            }
            for (Need need : ofConnections) {
                if (listener instanceof Listener.Udp && reached.contains(need.pool)) {
                    need.reject(
                            "connections, and listener %s has datagrams".formatted(listener.name()),
                            problems);
                }
            }
        }
    }

    private static boolean asks(
            Listener.Http http, String pool, Map<String, Section.Item<String>> fallbacks) {
        List<String> named = new ArrayList<>();
        for (Listener.Route route : http.routes()) {
            switch (route.action()) {
                case Listener.Action.ToPool(var name) -> named.add(name);
                case Listener.Action.Split(var shares) -> named.addAll(shares.keySet());
                case Listener.Action.Respond _,
                        Listener.Action.Redirect _,
                        Listener.Action.RedirectToHttps _ -> {}
            }
            route.mirror().ifPresent(named::add);
        }
        return withFallbacks(named, fallbacks).contains(pool);
    }

    /** Where a listener's sessions may go: the pools that it names, and their fallbacks. */
    private static Set<String> reached(
            Listener listener, Map<String, Section.Item<String>> fallbacks) {
        List<String> named =
                switch (listener) {
                    case Listener.Http _ -> List.of();
                    case Listener.Tcp tcp ->
                            tcp.routes().stream().map(Listener.TcpRoute::pool).toList();
                    case Listener.Udp udp -> List.of(udp.pool());
                    case Listener.Postgres postgres ->
                            postgres.routes().stream().map(Listener.PostgresRoute::pool).toList();
                };
        return withFallbacks(named, fallbacks);
    }

    private static Set<String> withFallbacks(
            List<String> named, Map<String, Section.Item<String>> fallbacks) {
        Set<String> all = new LinkedHashSet<>(named);
        for (String pool : named) {
            Section.Item<String> next = fallbacks.get(pool);
            while (next != null && all.add(next.value())) {
                next = fallbacks.get(next.value());
            }
        }
        return all;
    }
}
