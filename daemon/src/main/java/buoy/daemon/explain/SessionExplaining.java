package buoy.daemon.explain;

import buoy.config.model.Config;
import buoy.config.model.Listener;
import buoy.config.model.ListenerTls;
import buoy.config.model.Network;
import buoy.daemon.explain.Doors.Door;
import buoy.daemon.explain.Explanation.TriedRoute;
import buoy.lb.postgres.SessionTrial;
import buoy.lb.select.Hash;
import buoy.tls.ServerTls;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Lets a session of {@code tcp}, {@code udp} or {@code postgres} go through a configuration. */
public final class SessionExplaining {
    private final Config config;
    private final Map<String, ServerTls> tls;
    private final PoolsOf pools;

    /**
     * @param tls of the listeners that have it, by their names
     * @param live what a running buoy says of its pools
     */
    public SessionExplaining(Config config, Map<String, ServerTls> tls, Optional<LivePools> live) {
        this.config = config;
        this.tls = Map.copyOf(tls);
        this.pools = new PoolsOf(config, live);
    }

    /** A route's conditions, each with whether it holds, and where it leads. */
    private record Way(Map<String, Boolean> conditions, String pool) {
        boolean fits() {
            return !conditions.containsValue(false);
        }

        List<String> misses() {
            return conditions.keySet().stream()
                    .filter(each -> Boolean.FALSE.equals(conditions.get(each)))
                    .toList();
        }
    }

    /**
     * What becomes of it.
     *
     * @throws IllegalArgumentException if there is no listener for it; the message says which there
     *     are
     */
    public Explanation of(AskedSession asked) {
        return switch (asked.protocol()) {
            case TCP -> {
                Door<Listener.Tcp> door = door(asked, Listener.Tcp.class);
                yield explained(
                        asked,
                        door,
                        door.listener().admission(),
                        door.listener().routes().stream()
                                .map(each -> new Way(conditions(each.match(), asked), each.pool()))
                                .toList(),
                        "closed (no-route)");
            }
            case UDP -> {
                Door<Listener.Udp> door = door(asked, Listener.Udp.class);
                yield explained(
                        asked,
                        door,
                        door.listener().admission(),
                        List.of(new Way(Map.of(), door.listener().pool())),
                        "");
            }
            case POSTGRES -> {
                Door<Listener.Postgres> door = door(asked, Listener.Postgres.class);
                SessionTrial trial = new SessionTrial(asked.said(), asked.from());
                yield explained(
                        asked,
                        door,
                        door.listener().admission(),
                        door.listener().routes().stream()
                                .map(each -> new Way(trial.of(each.match()), each.pool()))
                                .toList(),
                        "refused with SQLSTATE 08004 (no-route)");
            }
        };
    }

    private <L extends Listener> Door<L> door(AskedSession asked, Class<L> kind) {
        String word = asked.protocol().word();
        return Doors.of(config, kind, word)
                .find(
                        new Doors.To(asked.host(), asked.port(), asked.from(), asked.listener()),
                        _ -> true,
                        "of protocol " + word);
    }

    private static Map<String, Boolean> conditions(Listener.TcpMatch match, AskedSession asked) {
        Map<String, Boolean> all = new LinkedHashMap<>();
        match.sni().ifPresent(name -> all.put("sni " + name, match.fits(asked.serverName())));
        if (!match.client().isEmpty()) {
            List<String> networks = match.client().stream().map(Network::toString).toList();
            all.put(
                    "client " + String.join(" or ", networks),
                    Listener.isOneOf(match.client(), asked.from()));
        }
        return all;
    }

    private Explanation explained(
            AskedSession asked,
            Door<?> door,
            Listener.Admission admission,
            List<Way> ways,
            String unrouted) {
        List<TriedRoute> tried = new ArrayList<>();
        Optional<String> pool = Optional.empty();
        for (Way way : ways) {
            tried.add(
                    new TriedRoute(
                            tried.size(), List.copyOf(way.conditions().keySet()), way.misses()));
            if (way.fits()) {
                pool = Optional.of(way.pool());
                break;
            }
        }
        Optional<ServerTls.Shown> shown =
                Optional.ofNullable(tls.get(door.listener().name()))
                        .flatMap(each -> each.shownTo(asked.serverName()));
        Optional<String> certificate =
                door.listener().tls().map(_ -> shown.map(Explaining::said).orElse("none"));
        boolean shut = door.listener().tls().isPresent() && shown.isEmpty();
        long source = Hash.of(asked.from().getAddress());
        return new Explanation(
                door.listener().name(),
                door.why(),
                certificate,
                shut || pool.isEmpty(),
                tried,
                shut
                        ? "the TLS handshake is refused: no certificate for "
                                + asked.serverName().orElse("a client that asks for no name")
                        : pool.map(name -> "to a server of pool " + name)
                                .orElse("no route fits: " + unrouted),
                besides(door.listener(), admission),
                List.of(),
                shut
                        ? List.of()
                        : pool.map(name -> pools.of(name, () -> source)).orElse(List.of()));
    }

    private static List<String> besides(Listener listener, Listener.Admission admission) {
        List<String> besides = new ArrayList<>();
        if (!admission.proxies().isEmpty()) {
            besides.add("connections are taken from its proxies alone (PROXY protocol)");
        }
        OptionalInt most = admission.perClient();
        if (most.isPresent()) {
            besides.add("a client may have %d connections at one time".formatted(most.getAsInt()));
        }
        listener.tls()
                .flatMap(ListenerTls::client)
                .filter(ListenerTls.ClientCertificates::require)
                .ifPresent(_ -> besides.add("the client has to show a certificate"));
        return besides;
    }
}
