package buoy.config;

import buoy.config.model.Endpoint;
import buoy.config.model.Health;
import buoy.config.model.Listener;
import buoy.config.model.Pool;
import buoy.config.model.PoolTls;
import buoy.config.model.ServerAddress;
import buoy.config.model.Sticky;
import buoy.config.model.TcpOptions;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** {@code pools.NAME}. */
final class PoolReader {
    private static final int MAX_WEIGHT = 256;

    /** Waiting longer than that helps nobody: clients have given up. */
    private static final Duration LONGEST_HOLD = Duration.ofHours(1);

    private static final int MAX_WAITING = 1_000_000;
    private static final int MAX_CONNECTIONS = 10_000_000;

    private static final Format<Pool.Source> SOURCE =
            Format.of(Shape.words(List.of("client"), Shape.TEXT), PoolReader::source);

    private final Set<String> names;
    private final Duration drain;
    private final PoolTlsReader tls;
    private final Map<String, Section.Item<String>> fallbacks = new LinkedHashMap<>();

    private final ForRequests forRequests = new ForRequests();

    /**
     * @param names of all pools
     * @param drain of the process, which is the default of each pool
     * @param certificates names that {@code tls} may use
     */
    PoolReader(Set<String> names, Duration drain, Set<String> certificates) {
        this.names = names;
        this.drain = drain;
        this.tls = new PoolTlsReader(certificates);
    }

    Optional<Pool> read(String name, Section s) {
        Pool.Balance balance = balance(name, s);
        List<Pool.Server> servers = servers(s);
        Optional<Health> health = s.optionally("health", new HealthReader(tls)::read);
        if (!s.has("health")) {
            s.problems()
                    .warn(
                            s.place(),
                            s.path(),
                            "has no health: its servers count as up whatever happens to them (add"
                                    + " health)");
        }
        Pool.Retries retries = s.within("retries", RetriesReader::read);
        TcpOptions tcp = TcpReader.read(s);
        Pool.Timeouts timeouts = s.within("timeouts", t -> timeouts(t, tcp));
        Duration ownDrain = s.get("drain", Durations.ANY, drain);
        Pool.OnDown onDown =
                s.get(
                        "on-down",
                        Words.of("keep-sessions", Pool.OnDown.KEEP_SESSIONS)
                                .or("close-sessions", Pool.OnDown.CLOSE_SESSIONS),
                        Pool.OnDown.KEEP_SESSIONS);
        Optional<Pool.SendProxy> sendProxy =
                s.isNull("send-proxy")
                        ? Optional.empty()
                        : s.optional(
                                "send-proxy",
                                Words.of("v1", Pool.SendProxy.V1).or("v2", Pool.SendProxy.V2));
        Pool.Hold hold = hold(s);
        Optional<String> fallback = fallback(name, s);
        Optional<PoolTls> poolTls = s.optionally("tls", tls::read);
        if (servers.stream().anyMatch(each -> each.address() instanceof ServerAddress.Local)) {
            rejectWhatNeedsAHost(s, health);
            noteOfConnections(
                    name, s, "servers", "a unix socket", "give the server an address and a port");
        }
        if (sendProxy.isPresent()) {
            noteOfConnections(name, s, "send-proxy", "a PROXY header", "remove send-proxy");
        }
        if (s.has("tls")) {
            noteOfConnections(name, s, "tls", "TLS", "remove tls");
        }
        Pool.Protocol protocol = protocol(name, s);
        Optional<Pool.Passive> passive = s.optionally("passive", PoolReader::passive);
        Duration slowStart =
                s.get("slow-start", Durations.between(Duration.ZERO, LONGEST_HOLD), Duration.ZERO);
        Optional<Sticky> sticky = sticky(name, s);
        Optional<Pool.Source> source = source(name, s, servers);
        return servers.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Pool(
                                name, balance, servers, health, retries, timeouts, ownDrain, onDown,
                                hold, passive, slowStart, sticky, fallback, poolTls, sendProxy,
                                protocol, source));
    }

    private Optional<Pool.Source> source(String name, Section s, List<Pool.Server> servers) {
        Optional<Pool.Source> source = s.optional("source", SOURCE);
        source.ifPresent(
                from -> {
                    switch (from) {
                        case Pool.Source.Client() ->
                                forRequests.noteOfSessions(
                                        name,
                                        "source: client",
                                        "remove source: X-Forwarded-For tells servers who asks",
                                        s.place("source"),
                                        s.path("source"));
                        case Pool.Source.Address(var address) ->
                                rejectOtherFamily(s, address, servers);
                    }
                });
        return source;
    }

    private static Parsed<Pool.Source> source(String text) {
        return text.equals("client")
                ? Parsed.ok(new Pool.Source.Client())
                : switch (Addresses.address(text)) {
                    case Parsed.Ok<InetAddress>(var address) ->
                            Parsed.ok(new Pool.Source.Address(address));
                    case Parsed.Wrong<InetAddress>(var why) -> Parsed.wrong(why + " (or client)");
                };
    }

    private static void rejectOtherFamily(
            Section s, InetAddress source, List<Pool.Server> servers) {
        servers.stream()
                .map(Pool.Server::address)
                .filter(
                        each ->
                                each instanceof ServerAddress.Fixed(Endpoint at)
                                        && at.address().getAddress().length
                                                != source.getAddress().length)
                .findFirst()
                .ifPresent(
                        each ->
                                s.reject(
                                        "source",
                                        "is of another family than %s (make a pool for each family)"
                                                .formatted(each)));
    }

    private void noteOfConnections(String name, Section s, String key, String what, String remedy) {
        forRequests.noteOfConnections(name, what, remedy, s.place(key), s.path(key));
    }

    /** A server on a unix socket has no other port, and nobody is in between. */
    private static void rejectWhatNeedsAHost(Section s, Optional<Health> health) {
        if (health.filter(each -> each.probe().needsAPort()).isPresent()) {
            s.reject(
                    "health",
                    "asks a port, and a server on a unix socket has none (leave port out, or give"
                            + " the server an address and a port)");
        }
        if (s.has("source")) {
            s.reject("source", "is nothing that a unix socket has (remove source)");
        }
        if (s.has("tls")) {
            s.reject(
                    "tls",
                    "is not spoken on unix sockets: nobody is in between (remove tls, or give the"
                            + " server an address and a port)");
        }
    }

    private Pool.Protocol protocol(String name, Section s) {
        Pool.Protocol protocol =
                s.get(
                        "protocol",
                        Words.of("http1", Pool.Protocol.HTTP1)
                                .or("h2", Pool.Protocol.H2)
                                .or("h2c", Pool.Protocol.H2C),
                        Pool.Protocol.HTTP1);
        if (protocol == Pool.Protocol.H2 && !s.has("tls")) {
            s.reject("protocol", "h2 is agreed within TLS (add tls, or use h2c)");
        } else if (protocol == Pool.Protocol.H2C && s.has("tls")) {
            s.reject("protocol", "h2c is in clear (use h2, or remove tls)");
        }
        if (protocol.isHttp2()) {
            forRequests.note(
                    name, "HTTP/2", "remove protocol", s.place("protocol"), s.path("protocol"));
        }
        return protocol;
    }

    private static Optional<Pool.Passive> passive(Section s) {
        Format<Duration> time = Durations.between(Duration.ofMillis(10), Duration.ofDays(1));
        return Optional.of(
                new Pool.Passive(
                        s.get("failures", Numbers.between(1, 1000), 5),
                        s.get("within", time, Duration.ofSeconds(10)),
                        s.get("eject", time, Duration.ofSeconds(30))));
    }

    private static Pool.Hold hold(Section s) {
        Duration time =
                s.get("hold", Durations.between(Duration.ZERO, LONGEST_HOLD), Duration.ZERO);
        return s.within(
                "queue",
                q -> {
                    int limit = q.get("limit", Numbers.between(1, MAX_WAITING), 1000);
                    Duration timeout =
                            q.get(
                                    "timeout",
                                    Durations.between(Duration.ofMillis(1), LONGEST_HOLD),
                                    Duration.ofSeconds(5));
                    return new Pool.Hold(time, limit, timeout);
                });
    }

    private Optional<String> fallback(String name, Section s) {
        Optional<String> to = s.optional("fallback", Words.nameOf("pool", names));
        to.ifPresent(
                t ->
                        fallbacks.put(
                                name,
                                new Section.Item<>(t, s.place("fallback"), s.path("fallback"))));
        return to;
    }

    /** Fallbacks end somewhere. To be called when all pools are read. */
    void rejectCircles(Problems problems) {
        fallbacks.forEach(
                (name, first) -> {
                    Set<String> passed = new LinkedHashSet<>(List.of(name));
                    String at = first.value();
                    while (at != null && passed.add(at)) {
                        Section.Item<String> next = fallbacks.get(at);
                        at = next == null ? null : next.value();
                    }
                    if (name.equals(at)) {
                        problems.reject(
                                first.place(),
                                first.path(),
                                "goes round in a circle: %s -> %s (remove one of them)"
                                        .formatted(String.join(" -> ", passed), name));
                    }
                });
    }

    private Pool.Balance balance(String name, Section s) {
        Optional<Pool.Balance> balance = s.optional("balance", BalanceFormat.FORMAT);
        balance.filter(BalanceFormat::isForHttp)
                .ifPresent(
                        b ->
                                forRequests.note(
                                        name,
                                        b.word(),
                                        "use source-hash",
                                        s.place("balance"),
                                        s.path("balance")));
        return balance.orElseGet(Pool.Balance.RoundRobin::new);
    }

    private Optional<Sticky> sticky(String name, Section s) {
        Optional<Sticky> sticky = s.optionally("sticky", StickyReader::read);
        sticky.filter(by -> !(by instanceof Sticky.Source))
                .ifPresent(
                        _ ->
                                forRequests.note(
                                        name,
                                        "a cookie",
                                        "use source: true",
                                        s.place("sticky"),
                                        s.path("sticky")));
        return sticky;
    }

    /** To be called when all pools and listeners are read. */
    void rejectSessions(Map<String, Listener> listeners, Problems problems) {
        forRequests.rejectSessions(listeners, fallbacks, problems);
    }

    /** {@code NAME: ADDRESS}, {@code NAME: {address: ...}}, or a list of addresses. */
    private static List<Pool.Server> servers(Section s) {
        Claims<ServerAddress> addresses =
                new Claims<>(s.problems(), "a pool has each server once; use weight for a share");
        List<Pool.Server> servers = new ArrayList<>();
        if (s.isList("servers")) {
            for (Section.Item<ServerAddress> item : s.requiredList("servers", Addresses::server)) {
                claim(addresses, item.value(), item.place(), item::path);
                servers.add(plain(item.value().toString(), item.value()));
            }
            return servers;
        }
        s.requireKey("servers");
        if (s.isMapping("servers") && s.namesIn("servers").isEmpty()) {
            s.reject("servers", "must have at least one server");
        }
        servers.addAll(
                s.each(
                                "servers",
                                Names::serverName,
                                (name, parent) -> server(name, parent, addresses))
                        .values());
        if (!servers.isEmpty() && servers.stream().allMatch(server -> server.weight() == 0)) {
            s.warn("servers", "all have weight 0: none takes new work");
        }
        if (!servers.isEmpty() && servers.stream().allMatch(Pool.Server::backup)) {
            s.warn("servers", "are all backup: that is as if none was");
        }
        return servers;
    }

    private static Optional<Pool.Server> server(
            String name, Section parent, Claims<ServerAddress> addresses) {
        if (!parent.isMapping(name)) {
            Optional<ServerAddress> address = parent.optional(name, Addresses::server);
            address.ifPresent(
                    a -> claim(addresses, a, parent.place(name), () -> parent.path(name)));
            return address.map(a -> plain(name, a));
        }
        return parent.optionally(
                name,
                s -> {
                    Optional<ServerAddress> address = s.required("address", Addresses::server);
                    address.ifPresent(
                            a -> claim(addresses, a, s.place("address"), () -> s.path("address")));
                    int weight = s.get("weight", Numbers.between(0, MAX_WEIGHT), 1);
                    OptionalInt most =
                            s.optional("max-connections", Numbers.between(1, MAX_CONNECTIONS))
                                    .map(OptionalInt::of)
                                    .orElse(OptionalInt.empty());
                    boolean backup = s.get("backup", Numbers.BOOL, false);
                    return address.map(a -> new Pool.Server(name, a, weight, most, backup));
                });
    }

    private static Pool.Server plain(String name, ServerAddress address) {
        return new Pool.Server(name, address, 1, OptionalInt.empty(), false);
    }

    private static void claim(
            Claims<ServerAddress> all, ServerAddress address, Place place, Supplier<String> path) {
        all.claim(address, address, place, path);
    }

    /** A method as RFC 9110 9.1 has them: upper case by custom, and case matters. */
    static Parsed<String> method(String text) {
        return Pattern.matches("[A-Z]{1,20}", text)
                ? Parsed.ok(text)
                : Parsed.wrong(
                        "must be a method in capital letters such as GET, got "
                                + Text.quoted(text));
    }

    private static Pool.Timeouts timeouts(Section s, TcpOptions tcp) {
        return new Pool.Timeouts(
                s.get("connect", Durations.POSITIVE, Duration.ofSeconds(5)),
                s.get("response", Durations.POSITIVE, Duration.ofSeconds(60)),
                s.get("response-idle", Durations.POSITIVE, Duration.ofSeconds(60)),
                tcp);
    }
}
