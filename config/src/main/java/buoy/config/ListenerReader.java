package buoy.config;

import buoy.config.model.AccessLog;
import buoy.config.model.Compression;
import buoy.config.model.Deviation;
import buoy.config.model.Endpoint;
import buoy.config.model.ErrorPage;
import buoy.config.model.Listener;
import buoy.config.model.Listener.Admission;
import buoy.config.model.ListenerTls;
import buoy.config.model.Location;
import buoy.config.model.Network;
import buoy.config.model.Pool;
import buoy.config.model.UnixPath;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/** {@code listeners.NAME}. */
final class ListenerReader {
    private enum Protocol {
        HTTP,
        TCP,
        UDP,
        POSTGRES
    }

    /** Until a client that asks no more is forgotten: as the kernel has it for datagrams. */
    private static final Duration UDP_IDLE = Duration.ofSeconds(30);

    private final Set<String> pools;
    private final Map<String, Pool> rightPools;
    private final TlsReader tls;
    private final Claims<Location> binds;
    private final Claims<Location> datagramBinds;

    /**
     * @param pools names that routes may use
     * @param rightPools those of them that nothing is wrong with
     * @param certificates names that {@code tls} may use
     * @param peers whether this host shares a key with others
     * @param binds addresses in use by others
     * @param datagramBinds the same for datagrams
     */
    ListenerReader(
            Set<String> pools,
            Map<String, Pool> rightPools,
            Set<String> certificates,
            boolean peers,
            Claims<Location> binds,
            Claims<Location> datagramBinds) {
        this.pools = pools;
        this.rightPools = rightPools;
        this.tls = new TlsReader(certificates, peers);
        this.binds = binds;
        this.datagramBinds = datagramBinds;
    }

    Optional<Listener> read(String name, Section s) {
        OptionalInt maxConnections = SettingsReader.maxConnections(s);
        Optional<Protocol> protocol =
                s.required(
                        "protocol",
                        Words.of("http", Protocol.HTTP)
                                .or("tcp", Protocol.TCP)
                                .or("udp", Protocol.UDP)
                                .or("postgres", Protocol.POSTGRES));
        boolean udp = protocol.filter(p -> p == Protocol.UDP).isPresent();
        List<Location> bind = udp ? datagramBind(s) : bind(s, binds, ListenerReader::location);
        if (!udp) {
            s.onlyFor("responses", "protocol udp");
        }
        if (protocol.isEmpty()) {
            new RouteReader(pools).poolsAlone(s);
            s.ignoreRest();
            return Optional.empty();
        }
        s.kind("protocol", protocol.get().name().toLowerCase(Locale.ROOT));
        return switch (protocol.get()) {
            case HTTP -> http(name, s, bind, maxConnections);
            case TCP -> {
                Duration idle = sessions(s);
                Admission admission = admission(s);
                Optional<ListenerTls> secure = s.optionally("tls", tls::tcp);
                List<Listener.TcpRoute> routes = new RouteReader(pools).tcp(s);
                // Without a route the listener was complained about already.
                yield routes.isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                                new Listener.Tcp(
                                        name,
                                        bind,
                                        maxConnections,
                                        secure,
                                        idle,
                                        routes,
                                        admission));
            }
            case UDP -> udp(name, s, bind, maxConnections);
            case POSTGRES -> postgres(name, s, bind, maxConnections);
        };
    }

    private static List<Location> bind(
            Section s, Claims<Location> claims, Format<Location> format) {
        List<Section.Item<Location>> items = s.requiredList("bind", format);
        items.forEach(i -> claims.claim(i.value(), i.value().toString(), i.place(), i.path()));
        return items.stream().map(Section.Item::value).toList();
    }

    private static Parsed<Location> location(String text) {
        if (UnixPath.isMeant(text)) {
            return Addresses.unix(text).then(Parsed::ok);
        }
        return Addresses.endpoint(text)
                .then(
                        e ->
                                e.address().isMulticastAddress()
                                        ? Parsed.wrong(
                                                "%s is a multicast address: no client connects to"
                                                                .formatted(e)
                                                        + " one")
                                        : Parsed.ok(e));
    }

    /** {@code trusted-proxies}. */
    private static List<Network> trusted(Section s) {
        return s.list("trusted-proxies", Addresses::network).stream()
                .map(
                        item -> {
                            if (item.value().length() == 0) {
                                s.problems()
                                        .warn(
                                                item.place(),
                                                item.path(),
                                                "believes every client's word about who it"
                                                        + " is (name the proxies)");
                            }
                            return item.value();
                        })
                .toList();
    }

    /** Who says whose each connection is: empty where nobody does. */
    private static List<Network> introducing(Section s, List<Network> trusted) {
        if (!s.get("proxy-protocol", Numbers.BOOL, false)) {
            return List.of();
        }
        if (trusted.isEmpty()) {
            s.reject(
                    "proxy-protocol",
                    "needs trusted-proxies: nobody else may say whose a connection is (name them)");
        }
        return trusted;
    }

    // --- http

    private Optional<Listener> http(
            String name, Section s, List<Location> bind, OptionalInt maxConnections) {
        List<Network> trusted = trusted(s);
        Optional<ListenerTls> secure = s.optionally("tls", tls::http);
        Listener.HttpTimeouts timeouts =
                s.within(
                        "timeouts",
                        t ->
                                new Listener.HttpTimeouts(
                                        t.get("idle", Durations.POSITIVE, Duration.ofSeconds(60)),
                                        t.get(
                                                "headers",
                                                Durations.POSITIVE,
                                                Duration.ofSeconds(10)),
                                        t.get("body", Durations.POSITIVE, Duration.ofSeconds(60)),
                                        t.get("tunnel", Durations.POSITIVE, Duration.ofHours(1))));
        LimitsReader.Limits limits = s.within("limits", LimitsReader::http);
        Set<Deviation> lenient = lenient(s);
        Optional<Compression> compression = s.optionally("compression", CompressionReader::read);
        Map<Integer, ErrorPage> errors = ErrorPagesReader.read(s);
        Listener.Headers headers = s.within("headers", FieldChangesReader::read);
        Optional<AccessLog> accessLog = s.optionally("access-log", AccessLogReader::read);
        List<Listener.Route> routes = new RouteReader(pools).http(s);
        if (s.has("redirect") && s.has("tls")) {
            s.reject(
                    "redirect",
                    "to https on a listener that speaks TLS goes round in a circle (remove"
                            + " redirect or tls)");
        }
        return Optional.of(
                new Listener.Http(
                        name,
                        bind,
                        maxConnections,
                        secure,
                        trusted,
                        timeouts,
                        limits.requests(),
                        headers,
                        errors,
                        routes,
                        accessLog,
                        new Admission(
                                limits.perClient(), introducing(s, trusted), TcpReader.read(s)),
                        compression,
                        lenient));
    }

    private static Set<Deviation> lenient(Section s) {
        Words<Deviation> words =
                Words.of(Deviation.UNDERSCORE_NAMES.word(), Deviation.UNDERSCORE_NAMES)
                        .or(Deviation.BARE_LF.word(), Deviation.BARE_LF)
                        .or(Deviation.OBS_FOLD.word(), Deviation.OBS_FOLD)
                        .or(Deviation.RAW_TARGET.word(), Deviation.RAW_TARGET);
        return s.list("lenient", words).stream()
                .map(Section.Item::value)
                .collect(Collectors.toSet());
    }

    // --- udp

    /** Ports of datagrams are others than those of connections. */
    private List<Location> datagramBind(Section s) {
        return bind(s, datagramBinds, ListenerReader::datagramEndpoint);
    }

    private static Parsed<Location> datagramEndpoint(String text) {
        if (UnixPath.isMeant(text)) {
            return Parsed.wrong("is no place for datagrams (use an address and a port)");
        }
        return location(text)
                .then(
                        at ->
                                at instanceof Endpoint e && e.address().isAnyLocalAddress()
                                        ? Parsed.wrong(
                                                "%s says not which address answers come from (name"
                                                                .formatted(at)
                                                        + " the addresses)")
                                        : Parsed.ok(at));
    }

    private Optional<Listener> udp(
            String name, Section s, List<Location> bind, OptionalInt maxConnections) {
        Duration idle = sessions(s, UDP_IDLE);
        for (String key : List.of("tls", "proxy-protocol", "trusted-proxies", "routes", "tcp")) {
            s.onlyFor(key, "the protocols http, tcp and postgres");
        }
        OptionalInt perClient = s.within("limits", LimitsReader::sessions);
        OptionalInt responses =
                s.optional("responses", Numbers.between(0, 1000))
                        .map(OptionalInt::of)
                        .orElse(OptionalInt.empty());
        return s.required("pool", Words.nameOf("pool", pools))
                .map(
                        pool ->
                                new Listener.Udp(
                                        name,
                                        bind,
                                        maxConnections,
                                        idle,
                                        responses,
                                        pool,
                                        new Admission(perClient, List.of())));
    }

    // --- tcp and postgres

    private static Admission admission(Section s) {
        OptionalInt perClient = s.within("limits", LimitsReader::sessions);
        List<Network> introducing = introducing(s, trusted(s));
        if (introducing.isEmpty() && s.has("trusted-proxies") && !s.has("proxy-protocol")) {
            s.reject(
                    "trusted-proxies",
                    "is for protocol http, or beside proxy-protocol: true (remove the key)");
        }
        return new Admission(perClient, introducing, TcpReader.read(s));
    }

    private Optional<Listener> postgres(
            String name, Section s, List<Location> bind, OptionalInt maxConnections) {
        Duration idle = sessions(s);
        Admission admission = admission(s);
        Optional<ListenerTls> secure = s.optionally("tls", tls::postgres);
        List<Listener.PostgresRoute> routes = new RouteReader(pools).postgres(s);
        boolean matches = routes.stream().anyMatch(r -> r.match().readsStartup());
        List<String> secured =
                routes.stream()
                        .map(Listener.PostgresRoute::pool)
                        .filter(
                                p ->
                                        rightPools.containsKey(p)
                                                && rightPools.get(p).tls().isPresent())
                        .distinct()
                        .toList();
        if (s.has("tls") && !secured.isEmpty()) {
            s.warn(
                    "tls",
                    ("ends here and begins anew towards pool %s: a client that binds SCRAM to its"
                                    + " channel, as libpq does unless told otherwise, is refused by the"
                                    + " server (show the servers' own certificate here, or have"
                                    + " clients set channel_binding=disable)")
                            .formatted(String.join(", ", secured)));
        } else if (!s.has("tls") && matches) {
            s.warn(
                    "routes",
                    "a match is decided by the start-up message, which TLS would hide: clients that"
                            + " ask for TLS are told that there is none here (add tls)");
        } else if (!s.has("tls") && !secured.isEmpty()) {
            s.problems()
                    .warn(
                            s.place(),
                            s.path(),
                            "speaks TLS with pool %s, but not with clients: those that ask for TLS are told that there is none here (add tls)"
                                    .formatted(String.join(", ", secured)));
        }
        // Without a route the listener was complained about already.
        return routes.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Listener.Postgres(
                                name, bind, maxConnections, secure, idle, routes, admission));
    }

    /** The keys that tcp and postgres share, and those that only http has a use for. */
    private static Duration sessions(Section s) {
        return sessions(s, Duration.ofHours(1));
    }

    private static Duration sessions(Section s, Duration usual) {
        for (String key :
                List.of("redirect", "compression", "headers", "errors", "access-log", "lenient")) {
            s.onlyFor(key, "protocol http");
        }
        return s.within(
                "timeouts",
                t -> {
                    for (String key : List.of("headers", "body", "tunnel")) {
                        t.onlyFor(key, "protocol http");
                    }
                    return t.get("idle", Durations.POSITIVE, usual);
                });
    }
}
