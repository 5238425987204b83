package buoy.daemon.explain;

import buoy.config.model.Config;
import buoy.config.model.Listener;
import buoy.config.model.Listener.Action;
import buoy.config.model.Listener.Route;
import buoy.config.model.ListenerTls;
import buoy.daemon.explain.Doors.Door;
import buoy.daemon.explain.Explanation.TriedRoute;
import buoy.lb.http.Trial;
import buoy.lb.http.head.ClientFacts;
import buoy.lb.http.route.MatchParts;
import buoy.tls.ServerTls;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Lets a request go through a configuration as far as that can be told without a client. */
public final class Explaining {
    private final Config config;
    private final Map<String, ServerTls> tls;
    private final PoolsOf pools;

    /**
     * @param tls of the listeners that have it, by their names
     * @param live what a running buoy says of its pools
     */
    public Explaining(Config config, Map<String, ServerTls> tls, Optional<LivePools> live) {
        this.config = config;
        this.tls = Map.copyOf(tls);
        this.pools = new PoolsOf(config, live);
    }

    /**
     * What becomes of it.
     *
     * @throws IllegalArgumentException if there is no listener for it; the message says which there
     *     are
     */
    public Explanation of(Asked asked) {
        Door<Listener.Http> door =
                Doors.of(config, Listener.Http.class, "http")
                        .find(
                                new Doors.To(
                                        asked.host().replaceAll("^\\[(.*)]$", "$1"),
                                        asked.port(),
                                        asked.from(),
                                        asked.listener()),
                                each -> each.tls().isPresent() == asked.secure(),
                                (asked.secure() ? "with" : "without") + " TLS");
        Listener.Http listener = door.listener();
        Optional<ServerTls.Shown> shown = Optional.empty();
        if (listener.tls().isPresent()) {
            shown =
                    Optional.ofNullable(tls.get(listener.name()))
                            .flatMap(each -> each.shownTo(asked.serverName()));
            if (shown.isEmpty()) {
                return ended(
                        door,
                        Optional.of("none"),
                        List.of(),
                        "the TLS handshake is refused: no certificate for "
                                + asked.serverName().orElse("a client that asks for no name"));
            }
        }
        Optional<String> certificate = shown.map(each -> said(each));
        ClientFacts client =
                new ClientFacts(
                        asked.from(),
                        new InetSocketAddress(door.at().address(), door.at().port()),
                        listener.tls().isPresent(),
                        listener.trustedProxies(),
                        listener.tls().flatMap(ListenerTls::client).isPresent());
        return switch (new Trial(listener, client).of(asked.head())) {
            case Trial.Result.Refused(int status, String why) ->
                    ended(
                            door,
                            certificate,
                            List.of(),
                            "refused with %d: %s".formatted(status, why));
            case Trial.Result.Unrouted(var tried) ->
                    ended(door, certificate, routes(tried), "no route fits: 404 (no-route)");
            case Trial.Result.Routed routed -> routed(door, certificate, routed);
        };
    }

    static String said(ServerTls.Shown shown) {
        return "%s (%s), until %s"
                .formatted(shown.name(), String.join(", ", shown.names()), shown.notAfter());
    }

    private static Explanation ended(
            Door<Listener.Http> door,
            Optional<String> certificate,
            List<TriedRoute> tried,
            String outcome) {
        return new Explanation(
                door.listener().name(),
                door.why(),
                certificate,
                true,
                tried,
                outcome,
                List.of(),
                List.of(),
                List.of());
    }

    private Explanation routed(
            Door<Listener.Http> door, Optional<String> certificate, Trial.Result.Routed routed) {
        Route route = door.listener().routes().get(routed.index());
        return new Explanation(
                door.listener().name(),
                door.why(),
                certificate,
                false,
                routes(routed.tried()),
                outcome(route.action(), routed.location().orElse("")),
                besides(door.listener(), route),
                routed.sent().map(head -> head.strip().lines().toList()).orElse(List.of()),
                pools.of(route.action(), routed.work()));
    }

    private static List<TriedRoute> routes(List<Trial.Tried> tried) {
        return IntStream.range(0, tried.size())
                .mapToObj(
                        number ->
                                new TriedRoute(
                                        number,
                                        List.copyOf(
                                                MatchParts.of(tried.get(number).route().match())
                                                        .keySet()),
                                        tried.get(number).misses()))
                .toList();
    }

    private static String outcome(Action action, String location) {
        return switch (action) {
            case Action.ToPool(var pool) -> "to a server of pool " + pool;
            case Action.Split(var shares) ->
                    "to a server of one of the pools "
                            + shares.entrySet().stream()
                                    .map(share -> share.getKey() + " (" + share.getValue() + ")")
                                    .collect(Collectors.joining(", "));
            case Action.Respond(int status, String _) -> "answered here with " + status;
            case Action.Redirect(var _, int status) ->
                    "redirected with %d to %s".formatted(status, location);
            case Action.RedirectToHttps() -> "redirected with 308 to " + location;
        };
    }

    private static List<String> besides(Listener.Http listener, Route route) {
        List<String> besides = new ArrayList<>();
        if (!listener.admission().proxies().isEmpty()) {
            besides.add("connections are taken from its proxies alone (PROXY protocol)");
        }
        listener.tls()
                .flatMap(ListenerTls::client)
                .filter(ListenerTls.ClientCertificates::require)
                .ifPresent(_ -> besides.add("the client has to show a certificate"));
        if (listener.limits().rate().isPresent() || route.guard().rate().isPresent()) {
            besides.add("there is a limit of requests per second: over it the answer is 429");
        }
        route.guard()
                .login()
                .ifPresent(
                        login ->
                                besides.add(
                                        "it has to name a user, else 401 (\"%s\")"
                                                .formatted(login.realm())));
        route.mirror().ifPresent(pool -> besides.add("a copy goes to pool " + pool));
        return besides;
    }
}
