package buoy.lb;

import buoy.config.model.Endpoint;
import buoy.config.model.ServerAddress;
import buoy.lb.BalancerStatus.PoolStatus;
import buoy.lb.BalancerStatus.ServerStatus;
import buoy.lb.health.PoolHealth;
import buoy.lb.health.Programs;
import buoy.lb.pool.Distribution;
import buoy.lb.pool.Flow;
import buoy.lb.pool.Pool;
import buoy.lb.pool.Protection;
import buoy.lb.pool.Reason;
import buoy.lb.pool.Server;
import buoy.lb.pool.Tally;
import buoy.lb.worker.Worker;
import buoy.lb.worker.Workers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** The pools as they run now. Not thread-safe: the balancer's lock guards it. */
final class RunningPools {
    /** Whom another process is told of, over all pools: some megabytes. */
    private static final int MOST_MET = 100_000;

    private final Workers workers;
    private final Programs programs;

    /** What another process knew; of no use once all is started. */
    private PoolsKnown before;

    private final BalancerObserver observer;
    private final Map<String, Running> running = new LinkedHashMap<>();
    private final ServerNames names;

    /** Where somebody may wait; read by workers too. */
    private volatile List<Pool> wakeable = List.of();

    /** A pool with what watches over it. */
    private record Running(Pool pool, PoolHealth health, PoolWatch watch) {}

    RunningPools(Workers workers, Programs programs, PoolsKnown before, BalancerObserver observer) {
        this.before = before;
        this.workers = workers;
        this.programs = programs;
        this.observer = observer;
        this.names = new ServerNames(workers, observer);
    }

    /** The pools that this configuration names: those that run, and new ones for the rest. */
    Map<String, Pool> named(Map<String, buoy.config.model.Pool> configured) {
        Map<String, Pool> named = new LinkedHashMap<>();
        configured.forEach(
                (name, config) -> {
                    Running known = running.get(name);
                    named.put(name, known == null ? new Pool(config, workers.count()) : known.pool);
                });
        return named;
    }

    /**
     * Makes the configuration hold. Servers that left drain.
     *
     * @param named what {@link #named} made of it
     * @param nameServers to ask for the addresses of servers; none means the host's own
     */
    void apply(
            Map<String, buoy.config.model.Pool> configured,
            Map<String, Protection> protections,
            Map<String, Pool> named,
            List<Endpoint> nameServers) {
        configured.forEach(
                (name, config) ->
                        Objects.requireNonNull(named.get(name))
                                .fallbacks(fallbacks(config, configured, named)));
        List<Running> gone = new ArrayList<>(running.values());
        gone.removeIf(each -> named.containsKey(each.pool.name()));
        named.forEach(
                (name, pool) -> pool.protection(protections.getOrDefault(name, Protection.NONE)));
        configured.forEach(
                (name, config) -> {
                    Running known = running.get(name);
                    if (known != null) {
                        if (!known.pool.config().tls().equals(config.tls())
                                || !known.pool.config().sendProxy().equals(config.sendProxy())
                                || !known.pool.config().source().equals(config.source())
                                || known.pool.config().protocol() != config.protocol()) {
                            renew(known.pool.servers());
                        }
                        retire(known.pool.configure(config), config.drain());
                        known.watch.ramp(known.pool);
                    } else {
                        start(Objects.requireNonNull(named.get(name)));
                    }
                });
        for (Running each : gone) {
            running.remove(each.pool.name());
            each.health.stop();
            each.watch.stop();
            each.pool.close();
            Duration drain = each.pool.config().drain();
            // Before what is left is cut: its end must not let anybody in.
            workers.runOnEach(
                    worker -> {
                        var _ =
                                worker.loop()
                                        .schedule(
                                                each.pool::empty,
                                                drain.toNanos(),
                                                TimeUnit.NANOSECONDS);
                    });
            retire(each.pool.servers(), drain);
        }
        before = PoolsKnown.NOTHING;
        running.values().forEach(each -> settle(each.pool));
        // Found before they are checked: a name that is known already is no reason to wait.
        names.keep(withNames(), nameServers);
        running.values().forEach(RunningPools::refresh);
        wakeable =
                Stream.concat(named.values().stream(), gone.stream().map(Running::pool)).toList();
        workers.runOnEach(this::wake);
    }

    /** Who serves while no server of the pool is up: its fallback, that one's fallback, ... */
    private static List<Pool> fallbacks(
            buoy.config.model.Pool config,
            Map<String, buoy.config.model.Pool> configured,
            Map<String, Pool> named) {
        List<Pool> all = new ArrayList<>();
        buoy.config.model.Pool at = config;
        while (at != null && at.fallback().isPresent()) {
            String next = at.fallback().get();
            all.add(Objects.requireNonNull(named.get(next)));
            at = configured.get(next);
        }
        return all;
    }

    /** A server of some pool may take work now, and a pool may be the fallback of any other. */
    private void wake(Worker worker) {
        wakeable.forEach(pool -> pool.wake(worker));
    }

    private List<ServerNames.Holder> withNames() {
        List<ServerNames.Holder> all = new ArrayList<>();
        for (Running each : running.values()) {
            for (Server server : each.pool.servers()) {
                if (server.configured() instanceof ServerAddress.Named name) {
                    all.add(new ServerNames.Holder(each.pool, each.watch, server, name));
                }
            }
        }
        return all;
    }

    private void start(Pool pool) {
        before.tell(pool);
        PoolWatch watch = new PoolWatch(workers, observer, this::wake);
        Running started = new Running(pool, new PoolHealth(pool, programs, watch), watch);
        pool.onCondemned((server, last) -> watch.condemned(pool, server, last));
        running.put(pool.name(), started);
    }

    private static void refresh(Running each) {
        each.health.refresh();
        each.watch.tell(each.pool);
    }

    /** Lets what is under way finish, and nothing new begin on its connections. */
    private void renew(List<Server> servers) {
        workers.runOnEach(worker -> servers.forEach(server -> server.roster(worker).drain()));
    }

    private void retire(List<Server> servers, Duration patience) {
        retire(servers, patience, Reason.SERVER_REMOVED, _ -> true);
    }

    /**
     * Lets what is under way finish; cuts what is left after {@code patience}.
     *
     * @param still whether a server is to be cut when the time is over
     */
    private void retire(
            List<Server> servers, Duration patience, Reason reason, Predicate<Server> still) {
        if (servers.isEmpty()) {
            return;
        }
        workers.runOnEach(
                worker -> {
                    servers.forEach(server -> server.roster(worker).drain());
                    var _ =
                            worker.loop()
                                    .schedule(
                                            () ->
                                                    servers.stream()
                                                            .filter(still)
                                                            .forEach(
                                                                    server ->
                                                                            server.roster(worker)
                                                                                    .cut(reason)),
                                            patience.toNanos(),
                                            TimeUnit.NANOSECONDS);
                });
    }

    /** As {@link Balancer#known}. */
    PoolsKnown known() {
        return known(MOST_MET / Math.max(1, running.size()));
    }

    /** As {@link Balancer#ordered}. */
    PoolsKnown ordered() {
        return known(0);
    }

    private PoolsKnown known(int mostMet) {
        return new PoolsKnown(
                running.values().stream().map(each -> PoolsKnown.of(each.pool, mostMet)).toList());
    }

    /** As {@link Balancer#servers}. */
    List<ServerPlace> servers() {
        return running.values().stream()
                .flatMap(each -> each.pool.servers().stream())
                .map(
                        server ->
                                new ServerPlace(
                                        server.pool(),
                                        server.name(),
                                        server.configured(),
                                        server.whereabouts()))
                .toList();
    }

    Set<String> names() {
        return Collections.unmodifiableSet(running.keySet());
    }

    /** The pool of this name, if it runs. */
    Optional<Pool> find(String name) {
        return Optional.ofNullable(running.get(name)).map(Running::pool);
    }

    /** Nothing new begins on the pool's servers, not even what is being connected just now. */
    void pause(Pool pool) {
        pool.pause(Instant.now());
        renew(pool.servers());
    }

    /** Answers whether it was paused; who waits goes on. */
    boolean resume(Pool pool) {
        boolean was = pool.resume();
        workers.runOnEach(this::wake);
        return was;
    }

    /** Ends what is under way on a pool's servers. */
    void cut(Pool pool) {
        List<Server> servers = pool.servers();
        workers.runOnEach(
                worker -> servers.forEach(server -> server.roster(worker).cut(Reason.POOL_PAUSED)));
    }

    /** The server of this name in the pool of this name. */
    private Optional<Server> find(Pool pool, String name) {
        return pool.servers().stream().filter(server -> server.name().equals(name)).findFirst();
    }

    /**
     * An operator's orders.
     *
     * @param change from what was ordered before
     * @return false if there is no such server
     */
    boolean order(String pool, String name, UnaryOperator<Server.Orders> change) {
        Running of = running.get(pool);
        Optional<Server> server = of == null ? Optional.empty() : find(of.pool, name);
        if (of == null || server.isEmpty()) {
            return false;
        }
        Server.Orders orders = change.apply(server.get().orders());
        of.pool.order(server.get(), orders);
        settle(of.pool);
        switch (orders.duty()) {
            case READY -> {
                workers.runOnEach(this::wake);
                of.watch.ramp(of.pool);
            }
            case DRAIN -> workers.runOnEach(worker -> server.get().roster(worker).drain());
            case MAINTENANCE ->
                    retire(
                            server.stream().toList(),
                            of.pool.config().drain(),
                            Reason.SERVER_MAINTENANCE,
                            each -> each.orders().since().equals(orders.since()));
        }
        of.watch.tell(of.pool);
        return true;
    }

    /**
     * A weight that the configuration has come to say is ordered no more: else there would be no
     * way to take an order back, and the next weight of the configuration would not hold.
     */
    private static void settle(Pool pool) {
        List<Server> servers = pool.servers();
        for (int i = 0; i < servers.size(); i++) {
            Server.Orders orders = servers.get(i).orders();
            OptionalInt configured = OptionalInt.of(pool.config().servers().get(i).weight());
            if (orders.weight().equals(configured)) {
                pool.order(
                        servers.get(i),
                        new Server.Orders(orders.duty(), orders.since(), OptionalInt.empty()));
            }
        }
    }

    void stop() {
        names.close();
        running.values()
                .forEach(
                        each -> {
                            each.health.stop();
                            each.watch.stop();
                        });
    }

    List<Flow> flows() {
        return running.values().stream()
                .map(
                        each ->
                                Tally.flow(
                                        each.pool.name(),
                                        each.pool.servers().stream()
                                                .flatMap(server -> server.tallies().stream())
                                                .toList()))
                .toList();
    }

    List<PoolStatus> status() {
        Distribution times = new Distribution();
        return running.values().stream().map(each -> status(each.pool, times)).toList();
    }

    private static PoolStatus status(Pool pool, Distribution times) {
        buoy.config.model.Pool config = pool.config();
        Map<String, Integer> weights = new LinkedHashMap<>();
        config.servers().forEach(server -> weights.put(server.name(), server.weight()));
        return new PoolStatus(
                pool.name(),
                config.balance().word(),
                pool.up(),
                pool.waiting(),
                pool.paused(),
                Optional.of(pool.serving()).filter(by -> by != pool).map(Pool::name),
                pool.troubles(),
                pool.servers().stream()
                        .map(
                                server ->
                                        new ServerStatus(
                                                server.name(),
                                                server.configured(),
                                                server.whereabouts(),
                                                server.orders()
                                                        .weight()
                                                        .orElse(
                                                                weights.getOrDefault(
                                                                        server.name(), 0)),
                                                server.granted(),
                                                server.orders(),
                                                server.ejected(),
                                                server.health(),
                                                server.standing(),
                                                server.active(),
                                                server.most(),
                                                server.totals(times)))
                        .toList());
    }
}
