package buoy.config;

import buoy.config.model.Endpoint;
import buoy.config.model.Health;
import buoy.config.model.Listener;
import buoy.config.model.Pool;
import buoy.config.model.PoolTls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** {@code pools.NAME}. */
final class PoolReader {
    private static final int MAX_WEIGHT = 256;
    private static final Set<String> IDEMPOTENT =
            Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"); // RFC 9110 9.2.2

    /** Waiting longer than that helps nobody: clients have given up. */
    private static final Duration LONGEST_HOLD = Duration.ofHours(1);

    private static final int MAX_WAITING = 1_000_000;

    private final Set<String> names;
    private final Duration drain;
    private final PoolTlsReader tls;
    private final Map<String, Section.Item<String>> fallbacks = new LinkedHashMap<>();

    /** Pools that choose by what stands in a request. */
    private final Map<String, Section.Item<Pool.Balance>> forHttp = new LinkedHashMap<>();

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
        Pool.Retries retries = s.within("retries", PoolReader::retries);
        Pool.Timeouts timeouts = s.within("timeouts", PoolReader::timeouts);
        Duration ownDrain = s.get("drain", Durations::parse, drain);
        Pool.OnDown onDown =
                s.get(
                        "on-down",
                        Words.of("keep-sessions", Pool.OnDown.KEEP_SESSIONS)
                                .or("close-sessions", Pool.OnDown.CLOSE_SESSIONS),
                        Pool.OnDown.KEEP_SESSIONS);
        s.onlyDefault("protocol", "http1");
        s.onlyDefault("send-proxy", "null");
        s.onlyDefault("slow-start", "0s");
        Pool.Hold hold = hold(s);
        Optional<String> fallback = fallback(name, s);
        Optional<PoolTls> poolTls = s.optionally("tls", tls::read);
        s.notAvailable("passive", "sticky");
        return servers.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Pool(
                                name, balance, servers, health, retries, timeouts, ownDrain, onDown,
                                hold, fallback, poolTls));
    }

    private static Pool.Hold hold(Section s) {
        Duration time =
                s.get("hold", Durations.between(Duration.ZERO, LONGEST_HOLD), Duration.ZERO);
        return s.within(
                "queue",
                q -> {
                    int limit = q.get("limit", Numbers.between(1, MAX_WAITING), 1000);
                    q.onlyDefault("timeout", "5s");
                    return new Pool.Hold(time, limit);
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
        Optional<Pool.Balance> balance = s.optional("balance", BalanceFormat::parse);
        balance.filter(BalanceFormat::isForHttp)
                .ifPresent(
                        b ->
                                forHttp.put(
                                        name,
                                        new Section.Item<>(
                                                b, s.place("balance"), s.path("balance"))));
        return balance.orElseGet(Pool.Balance.RoundRobin::new);
    }

    /**
     * What looks at a request is no way to choose for a session. To be called when all pools and
     * listeners are read.
     */
    void rejectHashesOfSessions(Map<String, Listener> listeners, Problems problems) {
        for (Listener listener : listeners.values()) {
            poolsOfSessions(listener).forEach(pool -> rejectHash(pool, listener, problems));
        }
    }

    private void rejectHash(String pool, Listener listener, Problems problems) {
        Section.Item<Pool.Balance> hash = forHttp.get(pool);
        if (hash != null) {
            problems.reject(
                    hash.place(),
                    hash.path(),
                    "%s needs requests, and listener %s has sessions (use source-hash)"
                            .formatted(Text.shown(hash.value().word()), listener.name()));
        }
    }

    /** Where a listener's sessions may go: the pools that it names, and their fallbacks. */
    private Set<String> poolsOfSessions(Listener listener) {
        Set<String> all =
                new LinkedHashSet<>(
                        switch (listener) {
                            case Listener.Http _ -> List.of();
                            case Listener.Tcp tcp -> List.of(tcp.pool());
                            case Listener.Postgres postgres ->
                                    postgres.routes().stream()
                                            .map(Listener.PostgresRoute::pool)
                                            .toList();
                        });
        for (String pool : List.copyOf(all)) {
            Section.Item<String> next = fallbacks.get(pool);
            while (next != null && all.add(next.value())) {
                next = fallbacks.get(next.value());
            }
        }
        return all;
    }

    /** {@code NAME: ADDRESS}, {@code NAME: {address: ...}}, or a list of addresses. */
    private static List<Pool.Server> servers(Section s) {
        Claims<Endpoint> addresses =
                new Claims<>(s.problems(), "a pool has each server once; use weight for a share");
        List<Pool.Server> servers = new ArrayList<>();
        if (s.isList("servers")) {
            for (Section.Item<Endpoint> item : s.requiredList("servers", Addresses::endpoint)) {
                claim(addresses, item.value(), item.place(), item.path());
                servers.add(new Pool.Server(item.value().toString(), item.value(), 1));
            }
            return servers;
        }
        if (!s.has("servers")) {
            s.problems().reject(s.place(), s.path("servers"), "is required");
        } else if (s.isMapping("servers") && s.namesIn("servers").isEmpty()) {
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
            String name, Section parent, Claims<Endpoint> addresses) {
        if (!parent.isMapping(name)) {
            Optional<Endpoint> address = parent.optional(name, Addresses::endpoint);
            address.ifPresent(a -> claim(addresses, a, parent.place(name), parent.path(name)));
            return address.map(a -> new Pool.Server(name, a, 1));
        }
        return parent.optionally(
                name,
                s -> {
                    Optional<Endpoint> address = s.required("address", Addresses::endpoint);
                    address.ifPresent(
                            a -> claim(addresses, a, s.place("address"), s.path("address")));
                    int weight = s.get("weight", Numbers.between(0, MAX_WEIGHT), 1);
                    s.notAvailable("max-connections");
                    boolean backup = s.get("backup", Numbers::bool, false);
                    return address.map(a -> new Pool.Server(name, a, weight, backup));
                });
    }

    private static void claim(Claims<Endpoint> all, Endpoint address, Place place, String path) {
        all.claim(address, address.toString(), place, path);
    }

    private static Pool.Retries retries(Section s) {
        int count = s.get("count", Numbers.between(0, 10), 2);
        Set<String> methods = new LinkedHashSet<>(List.of("GET", "HEAD", "OPTIONS"));
        if (s.has("methods")) {
            methods.clear();
            for (Section.Item<String> item : s.list("methods", PoolReader::method)) {
                methods.add(item.value());
                if (!IDEMPOTENT.contains(item.value())) {
                    s.problems()
                            .warn(
                                    item.place(),
                                    item.path(),
                                    item.value()
                                            + " is not idempotent: repeating it may do its work"
                                            + " twice (RFC 9110 9.2.2)");
                }
            }
        }
        if (s.has("when")) {
            s.requiredList("when", PoolReader::retryWhen);
        }
        int budget = s.get("budget", Numbers::percent, 20);
        return new Pool.Retries(count, methods, budget);
    }

    private static Parsed<String> retryWhen(String text) {
        Words<String> words = Words.of("connect", text).notAvailable("reset-before-response");
        return (Pattern.matches("[1-5][0-9][0-9]", text) ? words.notAvailable(text) : words)
                .parse(text);
    }

    /** A method as RFC 9110 9.1 has them: upper case by custom, and case matters. */
    static Parsed<String> method(String text) {
        return Pattern.matches("[A-Z]{1,20}", text)
                ? Parsed.ok(text)
                : Parsed.wrong(
                        "must be a method in capital letters such as GET, got "
                                + Text.quoted(text));
    }

    private static Pool.Timeouts timeouts(Section s) {
        return new Pool.Timeouts(
                s.get("connect", Durations::positive, Duration.ofSeconds(5)),
                s.get("response", Durations::positive, Duration.ofSeconds(60)),
                s.get("response-idle", Durations::positive, Duration.ofSeconds(60)));
    }
}
