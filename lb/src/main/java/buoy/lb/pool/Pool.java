package buoy.lb.pool;

import buoy.lb.pool.ServerHealth.State;
import buoy.lb.select.Selector;
import buoy.lb.select.Selector.Weighted;
import buoy.lb.worker.Worker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Servers that can stand in for each other. Workers {@link #pick}; control publishes: a new
 * configuration, a change of health. The work is done when publishing, not when picking.
 */
public final class Pool {
    /** However long a pool is paused, nobody waits longer. */
    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

    private final String name;
    private final Own[] own;
    private final WaitingRoom room;
    private volatile Snapshot snapshot;
    private volatile List<Pool> fallbacks = List.of();
    private volatile List<String> troubles = List.of();
    private volatile Protection protection = Protection.NONE;
    private volatile Optional<Instant> paused = Optional.empty();
    private volatile boolean closed;

    /** One immutable picture of the pool. */
    private record Snapshot(
            buoy.config.model.Pool config,
            List<Server> servers,
            Choice choice,
            boolean takesWork,
            int up) {}

    /** What a worker keeps for itself; an object of its own so that workers share no array. */
    private static final class Own {
        int turn;
        final RetryBudget budget = new RetryBudget();
    }

    public Pool(buoy.config.model.Pool config, int workers) {
        name = config.name();
        own = new Own[workers];
        room = new WaitingRoom(workers);
        for (int i = 0; i < workers; i++) {
            own[i] = new Own();
            // Apart, so that the workers' first connections do not all meet on the first server.
            own[i].turn = i;
        }
        snapshot = picture(config, merge(List.of(), config));
    }

    public String name() {
        return name;
    }

    /** As configured now: timeouts, retries. */
    public buoy.config.model.Pool config() {
        return snapshot.config;
    }

    /** All servers in the order of the configuration, whatever their health. */
    public List<Server> servers() {
        return snapshot.servers;
    }

    /** How many servers are up. Those of weight 0 count: they work, and only take nothing new. */
    public int up() {
        return snapshot.up;
    }

    /**
     * Who serves this pool's clients now: itself, or while none of its servers may take work, the
     * first of its fallbacks that has one. Who comes to a paused pool waits for it.
     */
    public Pool serving() {
        if (snapshot.takesWork || paused.isPresent()) {
            return this;
        }
        for (Pool fallback : fallbacks) {
            if (fallback.snapshot.takesWork && fallback.paused.isEmpty()) {
                return fallback;
            }
        }
        return this;
    }

    /** This pool and its fallbacks: whoever a client of this pool may be with. */
    public List<Pool> withFallbacks() {
        List<Pool> all = new ArrayList<>(fallbacks);
        all.addFirst(this);
        return all;
    }

    /** Exchanges and sessions that wait until a server takes them, over all workers. */
    public int waiting() {
        return room.waiting();
    }

    WaitingRoom room() {
        return room;
    }

    /** How long one may wait in all while no server takes it. */
    Duration patience() {
        if (closed) {
            return Duration.ZERO;
        }
        return paused.isPresent() ? LONGEST_PAUSE : snapshot.config.hold().time();
    }

    /** A server may take work that could not before: those who wait look again. On the worker. */
    public void wake(Worker worker) {
        room.wake(worker);
    }

    /**
     * The server for the next exchange or session.
     *
     * @param work whose server it is to be
     * @param tried not to be picked again; empty at first
     * @return null if no server may take it
     */
    public @Nullable Server pick(Worker worker, Work work, Collection<Server> tried) {
        if (paused.isPresent()) {
            return null;
        }
        Snapshot now = snapshot;
        Selector<Server> eligible = now.choice.among();
        Own mine = own[worker.index()];
        if (tried.isEmpty()) {
            mine.budget.earn(now.config.retries().budgetPercent());
        }
        int turn = mine.turn++;
        long key = now.choice.keyOf(work);
        Server server = eligible.select(turn, key, tried);
        if (server == null || !server.isAvoided(worker.now())) {
            return server;
        }
        return pickAroundAvoided(eligible, turn, key, tried, server, worker.now());
    }

    /**
     * Whether another try is within {@code retries.budget}; if so it is counted. The caller keeps
     * {@code retries.count} itself.
     */
    public boolean mayRetry(Worker worker) {
        return own[worker.index()].budget.spend();
    }

    /** Another server if one is not avoided; else the one whose turn it is. */
    private static Server pickAroundAvoided(
            Selector<Server> eligible,
            int turn,
            long key,
            Collection<Server> tried,
            Server avoided,
            long now) {
        List<Server> excluded = new ArrayList<>(tried);
        for (Server next = avoided; next != null; next = eligible.select(turn, key, excluded)) {
            if (!next.isAvoided(now)) {
                return next;
            }
            excluded.add(next);
        }
        return avoided;
    }

    /**
     * Takes a new configuration: servers whose name and address are unchanged stay the objects they
     * are.
     *
     * @return the servers that are no longer in it
     */
    public synchronized List<Server> configure(buoy.config.model.Pool config) {
        List<Server> before = snapshot.servers;
        List<Server> after = merge(before, config);
        snapshot = picture(config, after);
        return before.stream().filter(server -> !after.contains(server)).toList();
    }

    /** Says who serves while no server of this pool may, best first. */
    public void fallbacks(List<Pool> pools) {
        fallbacks = List.copyOf(pools);
    }

    /**
     * From now on nothing begins on its servers: who comes waits. Changes nothing if it is paused.
     */
    public synchronized void pause(Instant now) {
        if (paused.isEmpty()) {
            paused = Optional.of(now);
        }
    }

    /** Answers whether it was paused. Who waits has to be woken. */
    public synchronized boolean resume() {
        boolean was = paused.isPresent();
        paused = Optional.empty();
        return was;
    }

    /** Since when it is paused, if it is. */
    public Optional<Instant> paused() {
        return paused;
    }

    /** Holds for connections from now on. */
    public void protection(Protection now) {
        protection = now;
    }

    /** Whether exchanges and sessions speak TLS with its servers. */
    public boolean isSecured() {
        return protection.work().isPresent();
    }

    /** What is wrong with the pool as a whole, a sentence each. */
    public List<String> troubles() {
        return troubles;
    }

    public void troubles(List<String> now) {
        troubles = List.copyOf(now);
    }

    /** The pool left the configuration: nobody waits for it any longer. */
    public void close() {
        closed = true;
    }

    /**
     * Takes a verdict of the health checks.
     *
     * @return false if the server is no longer in this pool, and nothing was changed
     */
    public synchronized boolean health(Server server, ServerHealth health) {
        Snapshot now = snapshot;
        if (!now.servers.contains(server)) {
            return false;
        }
        server.health(health);
        snapshot = picture(now.config, now.servers);
        return true;
    }

    private List<Server> merge(List<Server> before, buoy.config.model.Pool config) {
        Map<String, Server> known = new LinkedHashMap<>();
        before.forEach(server -> known.put(server.name(), server));
        ServerHealth unchecked = new ServerHealth(State.UNKNOWN, Instant.now(), "not checked yet");
        ServerHealth trusted = new ServerHealth(State.UP, Instant.now(), "no health check");
        List<Server> after = new ArrayList<>();
        for (buoy.config.model.Pool.Server configured : config.servers()) {
            Server server = known.get(configured.name());
            if (server == null || !server.endpoint().equals(configured.address())) {
                server =
                        new Server(
                                name,
                                configured.name(),
                                configured.address(),
                                own.length,
                                unchecked,
                                () -> protection);
            }
            if (config.health().isEmpty()) {
                if (!server.health().isUp()) {
                    server.health(trusted);
                }
            }
            after.add(server);
        }
        return List.copyOf(after);
    }

    private static Snapshot picture(buoy.config.model.Pool config, List<Server> servers) {
        List<Weighted<Server>> first = new ArrayList<>();
        List<Weighted<Server>> backups = new ArrayList<>();
        int up = 0;
        for (int i = 0; i < servers.size(); i++) {
            Server server = servers.get(i);
            buoy.config.model.Pool.Server configured = config.servers().get(i);
            if (server.health().isUp()) {
                up++;
                if (configured.weight() > 0) {
                    (configured.backup() ? backups : first)
                            .add(new Weighted<>(server, configured.weight()));
                }
            }
        }
        List<Weighted<Server>> eligible = first.isEmpty() ? backups : first;
        return new Snapshot(
                config, servers, Choice.of(config.balance(), eligible), !eligible.isEmpty(), up);
    }
}
