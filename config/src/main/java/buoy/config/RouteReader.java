package buoy.config;

import buoy.config.model.Listener.Action;
import buoy.config.model.Listener.Match;
import buoy.config.model.Listener.PostgresMatch;
import buoy.config.model.Listener.PostgresRoute;
import buoy.config.model.Listener.Route;
import buoy.config.model.Listener.TcpMatch;
import buoy.config.model.Listener.TcpRoute;
import buoy.config.model.Network;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a listener does with its clients: {@code routes}, {@code pool} or {@code redirect}. */
final class RouteReader {
    private static final List<String> ACTIONS = List.of("routes", "pool", "redirect");

    /** Keys of a route that only requests have a use for. */
    private static final List<String> HTTP_KEYS =
            List.of(
                    "redirect",
                    "respond",
                    "basic-auth",
                    "rewrite",
                    "split",
                    "mirror",
                    "timeouts",
                    "limits");

    private static final List<String> HTTP_MATCHES =
            List.of("host", "path", "path-exact", "path-regex", "methods", "headers", "query");

    private static final Pattern PARAMETER =
            Pattern.compile("[A-Za-z_][A-Za-z0-9_$]{0,62}(\\.[A-Za-z_][A-Za-z0-9_$]{0,62}){0,3}");

    private final Set<String> pools;

    RouteReader(Set<String> pools) {
        this.pools = pools;
    }

    /** Of an {@code http} listener. */
    List<Route> http(Section s) {
        oneOf(s, ACTIONS);
        if (s.has("routes")) {
            return routes(s, Match.ANY, MatchReader::read, new ActionReader(pools)::route);
        }
        if (s.has("redirect")) {
            return s.optional("redirect", Words.of("https", new Action.RedirectToHttps()))
                    .map(to -> List.of(new Route(Match.ANY, to)))
                    .orElse(List.of());
        }
        return pool(s).map(p -> List.of(new Route(Match.ANY, p))).orElse(List.of());
    }

    /** Of a {@code tcp} listener. */
    List<TcpRoute> tcp(Section s) {
        oneOf(s, List.of("routes", "pool"));
        if (s.has("routes")) {
            return routes(s, TcpMatch.ANY, RouteReader::tcpMatch, this::tcpRoute);
        }
        return poolName(s).map(p -> List.of(new TcpRoute(TcpMatch.ANY, p))).orElse(List.of());
    }

    /** Of a listener whose protocol is not known: a pool that does not exist is wrong anyway. */
    void poolsAlone(Section s) {
        pool(s);
        var _ =
                s.sections(
                        "routes",
                        route -> {
                            pool(route);
                            route.ignoreRest();
                            return Optional.empty();
                        });
    }

    /** Of a {@code postgres} listener. */
    List<PostgresRoute> postgres(Section s) {
        oneOf(s, List.of("routes", "pool"));
        if (s.has("routes")) {
            return routes(s, PostgresMatch.ANY, RouteReader::postgresMatch, this::postgresRoute);
        }
        return poolName(s)
                .map(p -> List.of(new PostgresRoute(PostgresMatch.ANY, p)))
                .orElse(List.of());
    }

    private static void oneOf(Section s, List<String> keys) {
        if (!s.atMostOne(keys)) {
            s.problems()
                    .reject(
                            s.place(),
                            s.path(),
                            "does not say where clients go (add " + Text.choice(keys) + ")");
        }
    }

    private Optional<Action> pool(Section s) {
        return poolName(s).map(Action.ToPool::new);
    }

    private Optional<String> poolName(Section s) {
        return s.optional("pool", Words.nameOf("pool", pools));
    }

    /** Makes a route of its section and its match; empty if either is wrong. */
    private interface Maker<M, R> {
        Optional<R> make(Section route, Optional<M> match);
    }

    /** {@code any} is the match of a route that has none. */
    private static <M, R> List<R> routes(
            Section s, M any, Function<Section, Optional<M>> matches, Maker<M, R> maker) {
        if (s.isEmptyList("routes")) {
            s.reject("routes", "must have at least one item");
        }
        // A route after one that takes everything is never reached.
        boolean[] all = {false};
        return s.sections(
                "routes",
                route -> {
                    if (all[0]) {
                        s.problems()
                                .warn(
                                        route.place(),
                                        route.path(),
                                        "is never reached: a route before it has no match and"
                                                + " takes everything (move it up)");
                    }
                    boolean given = route.has("match");
                    Optional<M> match =
                            given ? route.optionally("match", matches) : Optional.of(any);
                    all[0] |= !given;
                    return maker.make(route, match);
                });
    }

    private Optional<TcpRoute> tcpRoute(Section s, Optional<TcpMatch> match) {
        return sessionPool(s).flatMap(p -> match.map(m -> new TcpRoute(m, p)));
    }

    private Optional<PostgresRoute> postgresRoute(Section s, Optional<PostgresMatch> match) {
        return sessionPool(s).flatMap(p -> match.map(m -> new PostgresRoute(m, p)));
    }

    /** Where a route's sessions go; it has nothing else to say. */
    private Optional<String> sessionPool(Section s) {
        for (String key : HTTP_KEYS) {
            s.onlyFor(key, "protocol http");
        }
        return s.required("pool", Words.nameOf("pool", pools));
    }

    private static Optional<TcpMatch> tcpMatch(Section s) {
        for (String key : HTTP_MATCHES) {
            s.onlyFor(key, "protocol http");
        }
        for (String key : List.of("database", "user", "parameters")) {
            s.onlyFor(key, "protocol postgres");
        }
        if (!s.has("sni") && !s.has("client")) {
            s.problems()
                    .reject(s.place(), s.path(), "says nothing (add sni or client, or remove it)");
        }
        Optional<String> sni = s.optional("sni", RouteReader::sni);
        List<Network> client = MatchReader.client(s);
        // What is wrong with a name was said already.
        return s.has("sni") && sni.isEmpty()
                ? Optional.empty()
                : Optional.of(new TcpMatch(sni, client));
    }

    /** A name that TLS may be begun for: never an address (RFC 6066 3). */
    private static Parsed<String> sni(String text) {
        return Addresses.address(text) instanceof Parsed.Ok
                ? Parsed.wrong(
                        "must be a name: clients that connect to an address name none, got "
                                + Text.quoted(text))
                : MatchReader.host(text);
    }

    private static Optional<PostgresMatch> postgresMatch(Section s) {
        for (String key : HTTP_MATCHES) {
            s.onlyFor(key, "protocol http");
        }
        if (Stream.of("database", "user", "parameters", "client").noneMatch(s::has)) {
            s.problems()
                    .reject(
                            s.place(),
                            s.path(),
                            "says nothing (add database, user, parameters or client, or remove"
                                    + " it)");
        }
        return Optional.of(
                new PostgresMatch(
                        s.optional("database", RouteReader::identifier),
                        s.optional("user", RouteReader::identifier),
                        parameters(s),
                        MatchReader.client(s)));
    }

    private static Map<String, String> parameters(Section s) {
        Map<String, String> parameters = new LinkedHashMap<>();
        s.each("parameters", RouteReader::parameter, (name, p) -> p.optional(name, Parsed::ok))
                .forEach(
                        (name, value) -> {
                            String lower = name.toLowerCase(Locale.ROOT);
                            if (parameters.put(lower, value) != null) {
                                s.reject("parameters", "names %s twice".formatted(lower));
                            }
                        });
        return parameters;
    }

    /** The name of a server's parameter (PostgreSQL documentation, "Setting Parameters"). */
    private static Parsed<String> parameter(String text) {
        if (List.of("database", "user").contains(text)) {
            return Parsed.wrong("has a key of its own (use %s beside parameters)".formatted(text));
        }
        if (text.equals("options")) {
            return Parsed.wrong("only carries other parameters (name the one that it sets)");
        }
        return PARAMETER.matcher(text).matches()
                ? Parsed.ok(text)
                : Parsed.wrong(
                        "must be the name of a parameter such as application_name or"
                                + " buoy.role, got "
                                + Text.quoted(text));
    }

    /** A name in PostgreSQL: the server cuts what is longer than 63 bytes (NAMEDATALEN). */
    static Parsed<String> identifier(String text) {
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        return bytes == 0 || bytes > 63
                ? Parsed.wrong("must be a name of 1..63 bytes, got " + Text.quoted(text))
                : Parsed.ok(text);
    }
}
