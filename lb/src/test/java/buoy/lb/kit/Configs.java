package buoy.lb.kit;

import buoy.config.model.AdminSettings;
import buoy.config.model.Config;
import buoy.config.model.Endpoint;
import buoy.config.model.Health;
import buoy.config.model.Listener;
import buoy.config.model.Listener.PostgresMatch;
import buoy.config.model.Listener.PostgresRoute;
import buoy.config.model.Location;
import buoy.config.model.LogSettings;
import buoy.config.model.Pool;
import buoy.config.model.Pool.Balance;
import buoy.config.model.Pool.OnDown;
import buoy.config.model.ProcessSettings;
import buoy.config.model.StatsSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** Configurations for tests: defaults as in the reference, two workers. */
public final class Configs {
    private Configs() {}

    public static Config of(List<Listener> listeners, List<Pool> pools) {
        return of(listeners, pools, OptionalInt.empty());
    }

    public static Config of(List<Listener> listeners, List<Pool> pools, OptionalInt connections) {
        Map<String, Listener> byName = new LinkedHashMap<>();
        listeners.forEach(listener -> byName.put(listener.name(), listener));
        Map<String, Pool> poolByName = new LinkedHashMap<>();
        pools.forEach(pool -> poolByName.put(pool.name(), pool));
        return new Config(
                new LogSettings(LogSettings.Level.INFO, LogSettings.Format.TEXT),
                new ProcessSettings(
                        OptionalInt.of(2),
                        ProcessSettings.Transport.AUTO,
                        Duration.ofSeconds(30),
                        connections,
                        Path.of("/nonexistent/state"),
                        false),
                new AdminSettings(Path.of("/nonexistent/admin.sock")),
                new StatsSettings(loopback(0)),
                Optional.empty(),
                Map.of(),
                Map.of(),
                byName,
                poolByName);
    }

    /** On the JDK's own polling. */
    public static Config nio(Config config) {
        return with(config, ProcessSettings.Transport.NIO, config.process().nameServers());
    }

    /** Where this name server is asked for the addresses of servers. */
    public static Config asking(Endpoint nameServer, Config config) {
        return with(config, config.process().transport(), List.of(nameServer));
    }

    private static Config with(
            Config config, ProcessSettings.Transport transport, List<Endpoint> nameServers) {
        ProcessSettings process = config.process();
        return new Config(
                config.log(),
                new ProcessSettings(
                        process.user(),
                        process.workers(),
                        transport,
                        process.drain(),
                        process.maxConnections(),
                        process.stateDirectory(),
                        process.realTime(),
                        nameServers),
                config.admin(),
                config.stats(),
                config.peer(),
                config.routers(),
                config.certificates(),
                config.listeners(),
                config.pools());
    }

    public static Endpoint loopback(int port) {
        return new Endpoint(InetAddress.getLoopbackAddress(), port);
    }

    /** A port of loopback where nobody listens. */
    public static Endpoint unused() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return loopback(free.getLocalPort());
        }
    }

    public static Listener.Tcp tcp(String name, String pool) {
        return tcp(name, loopback(0), Duration.ofMinutes(1), pool);
    }

    public static Listener.Tcp tcp(String name, Endpoint bind, Duration idle, String pool) {
        return new Listener.Tcp(
                name, List.of(bind), OptionalInt.empty(), Optional.empty(), idle, pool);
    }

    /** Everything to one pool. */
    public static Listener.Http http(String name, List<? extends Location> bind, String pool) {
        return new Listener.Http(
                name,
                List.copyOf(bind),
                OptionalInt.empty(),
                Optional.empty(),
                List.of(),
                new Listener.HttpTimeouts(
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(60),
                        Duration.ofHours(1)),
                new Listener.HttpLimits(16 * 1024, 100, OptionalLong.empty()),
                Listener.Headers.NONE,
                List.of(new Listener.Route(Listener.Match.ANY, new Listener.Action.ToPool(pool))));
    }

    public static Listener.Postgres postgres(String name, String pool) {
        return postgres(name, new PostgresRoute(PostgresMatch.ANY, pool));
    }

    public static Listener.Postgres postgres(String name, PostgresRoute... routes) {
        return new Listener.Postgres(
                name,
                List.of(loopback(0)),
                OptionalInt.empty(),
                Optional.empty(),
                Duration.ofMinutes(1),
                List.of(routes));
    }

    /** A pool with servers {@code s1}, {@code s2}, ... of weight 1, without health checks. */
    public static Pool pool(String name, Endpoint... servers) {
        return pool(
                name, new Balance.RoundRobin(), Optional.empty(), OnDown.KEEP_SESSIONS, servers);
    }

    public static Pool pool(
            String name,
            Balance balance,
            Optional<Health> health,
            OnDown onDown,
            Endpoint... servers) {
        List<Pool.Server> named = new ArrayList<>();
        for (Endpoint server : servers) {
            named.add(new Pool.Server("s" + (named.size() + 1), server, 1));
        }
        return new Pool(
                name,
                balance,
                named,
                health,
                new Pool.Retries(2, Pool.When.CONNECT, Set.of("GET", "HEAD", "OPTIONS"), 20),
                new Pool.Timeouts(
                        Duration.ofSeconds(5), Duration.ofSeconds(60), Duration.ofSeconds(60)),
                Duration.ofSeconds(30),
                onDown,
                Pool.Hold.OFF,
                Optional.empty(),
                Duration.ZERO,
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** The pool, where clients wait while no server is up. */
    public static Pool holding(Pool pool, Duration time, int most) {
        Changed changed = new Changed(pool);
        changed.hold = new Pool.Hold(time, most, Duration.ofSeconds(5));
        return changed.pool();
    }

    /** The pool with another that serves while none of its servers is up. */
    public static Pool withFallback(Pool pool, String fallback) {
        Changed changed = new Changed(pool);
        changed.fallback = Optional.of(fallback);
        return changed.pool();
    }

    /** The pool, each of whose servers takes so many at one time, and a queue before them. */
    public static Pool bounded(Pool pool, int each, int most, Duration queue) {
        Changed changed = new Changed(pool);
        changed.servers =
                pool.servers().stream()
                        .map(
                                server ->
                                        new Pool.Server(
                                                server.name(),
                                                server.address(),
                                                server.weight(),
                                                OptionalInt.of(each),
                                                server.backup()))
                        .toList();
        changed.hold = new Pool.Hold(pool.hold().time(), most, queue);
        return changed.pool();
    }

    /** The pool with this time for what is under way on a server that leaves. */
    public static Pool draining(Pool pool, Duration drain) {
        Changed changed = new Changed(pool);
        changed.drain = drain;
        return changed.pool();
    }

    /** The pool, whose servers are ejected for failures. */
    public static Pool watched(Pool pool, Pool.Passive passive) {
        Changed changed = new Changed(pool);
        changed.passive = Optional.of(passive);
        return changed.pool();
    }

    /** The pool, whose servers start slowly. */
    public static Pool slow(Pool pool, Duration slowStart) {
        Changed changed = new Changed(pool);
        changed.slowStart = slowStart;
        return changed.pool();
    }

    /** The pool, whose servers speak this. */
    public static Pool speaking(Pool pool, Pool.Protocol protocol) {
        Changed changed = new Changed(pool);
        changed.protocol = protocol;
        return changed.pool();
    }

    /** The pool with these servers. */
    public static Pool withServers(Pool pool, List<Pool.Server> servers) {
        Changed changed = new Changed(pool);
        changed.servers = servers;
        return changed.pool();
    }

    /** What may differ of a pool. */
    private static final class Changed {
        private final Pool from;
        private List<Pool.Server> servers;
        private Duration drain;
        private Pool.Hold hold;
        private Optional<Pool.Passive> passive;
        private Duration slowStart;
        private Optional<String> fallback;
        private Pool.Protocol protocol;

        Changed(Pool from) {
            this.from = from;
            servers = from.servers();
            drain = from.drain();
            hold = from.hold();
            passive = from.passive();
            slowStart = from.slowStart();
            fallback = from.fallback();
            protocol = from.protocol();
        }

        Pool pool() {
            return new Pool(
                    from.name(),
                    from.balance(),
                    servers,
                    from.health(),
                    from.retries(),
                    from.timeouts(),
                    drain,
                    from.onDown(),
                    hold,
                    passive,
                    slowStart,
                    from.sticky(),
                    fallback,
                    from.tls(),
                    from.sendProxy(),
                    protocol);
        }
    }

    /** As many servers of a test. */
    public static Endpoint[] endpoints(TestServer... servers) {
        return List.of(servers).stream().map(TestServer::endpoint).toArray(Endpoint[]::new);
    }

    /** Checks of this kind every 50 ms, fall 3, rise 2. */
    public static Health health(Health.Probe probe) {
        Duration every = Duration.ofMillis(50);
        return new Health(probe, every, Duration.ofSeconds(1), 3, 2, every);
    }
}
