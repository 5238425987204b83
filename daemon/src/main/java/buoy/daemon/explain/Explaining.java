package buoy.daemon.explain;

import buoy.config.model.Config;
import buoy.config.model.Endpoint;
import buoy.config.model.Listener;
import buoy.config.model.Listener.Action;
import buoy.config.model.Listener.Route;
import buoy.config.model.ListenerTls;
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
import java.util.stream.Stream;

/** Lets a request go through a configuration as far as that can be told without a client. */
public final class Explaining {
    private final Config config;
    private final Map<String, ServerTls> tls;
    private final PoolsOf pools;

    /** A listener and the address of it that is asked. */
    private record Door(Listener.Http listener, Endpoint at, String why) {}

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
        Door door = door(asked);
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

    private static String said(ServerTls.Shown shown) {
        return "%s (%s), until %s"
                .formatted(shown.name(), String.join(", ", shown.names()), shown.notAfter());
    }

    private static Explanation ended(
            Door door, Optional<String> certificate, List<TriedRoute> tried, String outcome) {
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
            Door door, Optional<String> certificate, Trial.Result.Routed routed) {
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
                pools.of(route.action()));
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

    private Door door(Asked asked) {
        List<Listener.Http> all =
                config.listeners().values().stream()
                        .filter(Listener.Http.class::isInstance)
                        .map(Listener.Http.class::cast)
                        .toList();
        if (asked.listener().isPresent()) {
            String name = asked.listener().get();
            return all.stream()
                    .filter(each -> each.name().equals(name))
                    .findFirst()
                    .map(each -> new Door(each, at(each, asked), "as told"))
                    .orElseThrow(
                            () ->
                                    new IllegalArgumentException(
                                            "no listener %s with protocol: http (there are: %s)"
                                                    .formatted(name, said(all))));
        }
        List<Door> doors =
                all.stream()
                        .filter(each -> each.tls().isPresent() == asked.secure())
                        .flatMap(
                                each -> binds(each).map(at -> new Door(each, at, "bound to " + at)))
                        .filter(each -> leadsTo(each.at(), asked))
                        .toList();
        if (doors.isEmpty()) {
            throw new IllegalArgumentException(
                    "no listener %s TLS for %s:%d (there are: %s; --listener NAME asks one of them)"
                            .formatted(
                                    asked.secure() ? "with" : "without",
                                    asked.host(),
                                    asked.port(),
                                    said(all)));
        }
        return doors.getFirst();
    }

    private static Stream<Endpoint> binds(Listener listener) {
        return listener.bind().stream()
                .filter(Endpoint.class::isInstance)
                .map(Endpoint.class::cast);
    }

    /** What a name stands for is not looked up: any address will do. */
    private static boolean leadsTo(Endpoint at, Asked asked) {
        return at.port() == asked.port()
                && asked.address()
                        .filter(
                                host ->
                                        !at.address().isAnyLocalAddress()
                                                && !at.address().equals(host))
                        .isEmpty();
    }

    private static Endpoint at(Listener listener, Asked asked) {
        return binds(listener)
                .findFirst()
                .orElseGet(() -> new Endpoint(asked.from(), asked.port()));
    }

    private static String said(List<Listener.Http> all) {
        return all.stream()
                .map(
                        each ->
                                "%s%s at %s"
                                        .formatted(
                                                each.name(),
                                                each.tls().isPresent() ? " with TLS" : "",
                                                each.bind().stream()
                                                        .map(Object::toString)
                                                        .collect(Collectors.joining(" and "))))
                .collect(Collectors.joining(", "));
    }
}
