package buoy.lb.http;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.AccessLog;
import buoy.config.model.Compression;
import buoy.config.model.Deviation;
import buoy.config.model.Endpoint;
import buoy.config.model.ErrorPage;
import buoy.config.model.Listener;
import buoy.config.model.Network;
import buoy.config.model.Pool.Balance;
import buoy.config.model.Pool.Hold;
import buoy.config.model.Pool.OnDown;
import buoy.config.model.Pool.Protocol;
import buoy.config.model.Pool.Retries;
import buoy.config.model.Pool.SendProxy;
import buoy.config.model.Pool.Timeouts;
import buoy.config.model.Pool.When;
import buoy.config.model.ProcessSettings;
import buoy.config.model.RateLimit;
import buoy.config.model.Sticky;
import buoy.lb.journal.Journals;
import buoy.lb.kit.Silence;
import buoy.lb.listen.Leaving;
import buoy.lb.listen.Listening;
import buoy.lb.listen.Owner;
import buoy.lb.listen.Places;
import buoy.lb.listen.Securing;
import buoy.lb.pool.Pool;
import buoy.lb.pool.Reason;
import buoy.lb.pool.Server;
import buoy.lb.worker.Workers;
import buoy.tls.Challenges;
import java.net.InetAddress;
import java.net.InetSocketAddress;
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
import java.util.function.BooleanSupplier;

/** An HTTP listener on one worker and a port of its own, in front of pools of loopback servers. */
final class Proxy implements AutoCloseable {
    final Workers workers;
    final Listening listening;
    final Map<String, Pool> pools = new LinkedHashMap<>();
    final int port;
    final Journals journals = new Journals(1, Silence.TOLD);

    /** What tests change of the configuration. */
    static final class Setup {
        final Map<String, int[]> servers = new LinkedHashMap<>();
        final List<Listener.Route> routes = new ArrayList<>();
        List<Network> trusted = List.of();
        Duration idle = Duration.ofSeconds(60);
        Duration headers = Duration.ofSeconds(10);
        Duration body = Duration.ofSeconds(60);
        Duration tunnel = Duration.ofHours(1);
        Duration response = Duration.ofSeconds(60);
        Duration responseIdle = Duration.ofSeconds(60);
        long memory = Runtime.getRuntime().maxMemory();
        OptionalLong mostBody = OptionalLong.empty();
        Optional<RateLimit> rate = Optional.empty();
        Listener.Admission admission = Listener.Admission.ANY;
        Map<Integer, ErrorPage> errors = Map.of();
        Listener.Headers changes = Listener.Headers.NONE;
        Optional<Securing> tls = Optional.empty();
        Challenges challenges = new Challenges();
        Balance balance = new Balance.RoundRobin();
        When when = When.CONNECT;
        Optional<Sticky> sticky = Optional.empty();
        Optional<SendProxy> sendProxy = Optional.empty();
        Protocol protocol = Protocol.HTTP1;
        Optional<AccessLog> accessLog = Optional.empty();
        Optional<Compression> compression = Optional.empty();
        Set<Deviation> lenient = Set.of();
        Set<String> retried = Set.of("GET", "HEAD", "OPTIONS");

        Setup pool(String name, int... ports) {
            servers.put(name, ports);
            return this;
        }

        Setup route(Listener.Match match, Listener.Action action) {
            return route(new Listener.Route(match, action));
        }

        Setup route(Listener.Route route) {
            routes.add(route);
            return this;
        }

        Proxy start() throws Exception {
            return new Proxy(this);
        }
    }

    /** One pool {@code app} for everything. */
    static Setup to(int... ports) {
        return new Setup().pool("app", ports);
    }

    private Proxy(Setup setup) throws Exception {
        workers =
                Workers.start(
                        new ProcessSettings(
                                OptionalInt.of(1),
                                ProcessSettings.Transport.AUTO,
                                Duration.ofSeconds(1),
                                OptionalInt.empty(),
                                Path.of("/nonexistent/state"),
                                false),
                        setup.memory);
        setup.servers.forEach((name, ports) -> pools.put(name, pool(name, ports, setup)));
        if (setup.routes.isEmpty()) {
            setup.route(Listener.Match.ANY, new Listener.Action.ToPool("app"));
        }
        Listener.Http config =
                new Listener.Http(
                        "web",
                        List.of(),
                        OptionalInt.empty(),
                        Optional.empty(),
                        setup.trusted,
                        new Listener.HttpTimeouts(
                                setup.idle, setup.headers, setup.body, setup.tunnel),
                        new Listener.HttpLimits(16 * 1024, 100, setup.mostBody, setup.rate),
                        setup.changes,
                        setup.errors,
                        setup.routes,
                        setup.accessLog,
                        setup.admission,
                        setup.compression,
                        setup.lenient);
        Http http = new Http(1, journals, setup.challenges);
        listening =
                new Listening(
                        "web",
                        1,
                        1000,
                        new Places(1000),
                        new Leaving(),
                        http.front(config, pools, null),
                        setup.tls,
                        setup.admission);
        var bound =
                new Owner(listening)
                        .bind(
                                workers.get(0),
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                                true)
                        .sync();
        port = ((InetSocketAddress) bound.channel().localAddress()).getPort();
    }

    private static Pool pool(String name, int[] ports, Setup setup) {
        List<buoy.config.model.Pool.Server> servers = new ArrayList<>();
        for (int port : ports) {
            servers.add(
                    new buoy.config.model.Pool.Server(
                            "s" + (servers.size() + 1),
                            new Endpoint(InetAddress.getLoopbackAddress(), port),
                            1));
        }
        return new Pool(
                new buoy.config.model.Pool(
                        name,
                        setup.balance,
                        servers,
                        Optional.empty(),
                        new Retries(2, setup.when, setup.retried, 20),
                        new Timeouts(Duration.ofSeconds(2), setup.response, setup.responseIdle),
                        Duration.ofSeconds(1),
                        OnDown.KEEP_SESSIONS,
                        Hold.OFF,
                        Optional.empty(),
                        Duration.ZERO,
                        setup.sticky,
                        Optional.empty(),
                        Optional.empty(),
                        setup.sendProxy,
                        setup.protocol),
                1);
    }

    /** The first server of a pool. */
    Server server(String pool) {
        Pool found = pools.get(pool);
        if (found == null) {
            throw new AssertionError("no pool " + pool);
        }
        return found.servers().getFirst();
    }

    Caller call() throws Exception {
        return new Caller(port);
    }

    /** How many exchanges failed for this reason, as the listener counts. */
    long failed(Reason reason) {
        return listening.totals().failures().getOrDefault(reason, 0L);
    }

    static void eventually(BooleanSupplier condition, String what) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(15).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - deadline).as(what).isNegative();
            Thread.sleep(5);
        }
    }

    @Override
    public void close() {
        try {
            workers.close(Duration.ofSeconds(5));
            journals.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
