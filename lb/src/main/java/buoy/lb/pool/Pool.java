package buoy.lb.pool;

import buoy.config.model.Health;
import buoy.config.model.Health.Probe;
import buoy.lb.pool.ServerHealth.State;
import buoy.lb.select.Selector;
import buoy.lb.select.Selector.Weighted;
import buoy.lb.worker.Worker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Servers that can stand in for each other. Workers {@link #pick}; control publishes: a new
 * configuration, a change of health. The work is done when publishing, not when picking.
 */
public final class Pool {
    /** However long a pool is paused, nobody waits longer. */
    private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

    /**
     * A picture costs as much as there are servers, and so many may change at once: their health,
     * what their agents grant them, whether they are ejected. Of more than this, one picture shows
     * what changed meanwhile: {@link #isBehind}.
     */
    static final int AT_ONCE = 500;

    private final String name;
    private final Own[] own;
    private final WaitingRoom room;
    private final Line line = new Line();
    private volatile Snapshot snapshot;

    /** Those in the snapshot, by name; guarded by this. */
    private Map<String, Server> members = Map.of();

    /** Whether the snapshot does not show everything yet. */
    private volatile boolean behind;

    private final Server.Manners manners = new OwnManners();

    private volatile List<Pool> fallbacks = List.of();
    private volatile List<String> troubles = List.of();
    private volatile Protection protection = Protection.NONE;
    private volatile Optional<Instant> paused = Optional.empty();

    /** Made with the first configuration that needs it; kept over reloads. */
    private volatile @Nullable Remembered remembered;

    private volatile BiConsumer<Server, Reason> condemned = (_, _) -> {};
    private volatile boolean closed;

    /** One immutable picture of the pool. */
    private record Snapshot(
            buoy.config.model.Pool config,
            List<Server> servers,
            Choice<Server> choice,
            List<Server> serving,
            int up,
            boolean rising,
            @Nullable Sticking sticking) {
        boolean takesWork() {
            return !serving.isEmpty();
        }

        boolean avoidsOne(long now) {
            return serving.stream().anyMatch(server -> server.isAvoided(now));
        }

        /** As {@link Pool#choose} has it: avoided ones count only where there is no other. */
        boolean hasRoom(long now) {
            boolean anyway = serving.stream().allMatch(server -> server.isAvoided(now));
            return serving.stream()
                    .anyMatch(server -> server.hasRoom() && (anyway || !server.isAvoided(now)));
        }
    }

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
        members = merge(config);
        snapshot = picture(config, List.copyOf(members.values()));
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
        if (snapshot.takesWork() || paused.isPresent()) {
            return this;
        }
        for (Pool fallback : fallbacks) {
            if (fallback.takesWork()) {
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
        return room.waiting() + line.length();
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
        // Even if it is full: who waits for another pool's sake may go back there.
        line.next();
    }

    /**
     * The server for the next exchange or session, which has begun on it ({@link Server#begin}).
     * Those who wait for a server with room come first.
     *
     * @param work whose server it is to be
     * @param tried not to be picked again; empty at first
     * @return null if no server may take it, or all that may are full
     */
    public @Nullable Server pick(Worker worker, Work work, Collection<Server> tried) {
        return line.length() > 0 ? null : pickInTurn(worker, work, tried, worker.now());
    }

    /**
     * As {@link #pick}, for one that is the first in line.
     *
     * @param at as {@link System#nanoTime}
     */
    @Nullable Server pickInTurn(Worker worker, Work work, Collection<Server> tried, long at) {
        if (paused.isPresent()) {
            return null;
        }
        Snapshot now = snapshot;
        Sticking sticking = now.sticking;
        Server server =
                sticking == null
                        ? choose(now, worker, work, tried, at)
                        : again(now, sticking, worker, work, tried, at);
        if (server != null && tried.isEmpty()) {
            own[worker.index()].budget.earn(now.config.retries().budgetPercent());
        }
        return server;
    }

    private @Nullable Server again(
            Snapshot now,
            Sticking sticking,
            Worker worker,
            Work work,
            Collection<Server> tried,
            long at) {
        Server its = tried.isEmpty() ? sticking.of(work, at) : null;
        if (its != null && its.keeps(at) && its.begin()) {
            return its;
        }
        Server server = choose(now, worker, work, tried, at);
        if (server != null) {
            sticking.goesTo(server, work, at);
        }
        return server;
    }

    private @Nullable Server choose(
            Snapshot now, Worker worker, Work work, Collection<Server> tried, long at) {
        Selector<Server> eligible = now.choice.among();
        int turn = own[worker.index()].turn++;
        long key = now.choice.keyOf(work);
        Server server = eligible.select(turn, key, tried);
        if (server == null || (!server.isAvoided(at) && server.begin())) {
            return server;
        }
        return another(eligible, turn, key, tried, server, at);
    }

    /** What makes clients meet the same server again; null if nothing does. */
    public @Nullable Sticking sticking() {
        return snapshot.sticking;
    }

    /** Whether this server may take work, and the pool is not paused. */
    public boolean mayTake(Server server) {
        return snapshot.serving.contains(server) && paused.isEmpty();
    }

    /** Whether a server of its own may take work, and the pool is not paused. */
    boolean takesWork() {
        return snapshot.takesWork() && paused.isEmpty();
    }

    /** Whether a server other than these may take work, and the pool is not paused. */
    boolean takesWorkBeside(Collection<Server> tried) {
        return paused.isEmpty() && !tried.containsAll(snapshot.serving);
    }

    /** Whether a server that may take work refused a connection a moment ago. */
    boolean avoidsOne() {
        return snapshot.avoidsOne(System.nanoTime());
    }

    /** Whether it may take work, and every server that may is at its max-connections. */
    boolean isFull() {
        return takesWork() && !snapshot.hasRoom(System.nanoTime());
    }

    /** Who waits for a server with room. */
    Line line() {
        return line;
    }

    /** A server has room, or may have: the first in line looks. */
    void roomForSomebody() {
        if (line.length() > 0 && !isFull()) {
            line.next();
        }
    }

    /**
     * Whether another try is within {@code retries.budget}; if so it is counted. The caller keeps
     * {@code retries.count} itself.
     */
    public boolean mayRetry(Worker worker) {
        return own[worker.index()].budget.spend();
    }

    /** One with room that is not avoided; one that is only where there is no other, full or not. */
    private static @Nullable Server another(
            Selector<Server> eligible,
            int turn,
            long key,
            Collection<Server> tried,
            Server first,
            long now) {
        List<Server> excluded = new ArrayList<>(tried);
        List<Server> avoided = new ArrayList<>();
        boolean full = false;
        for (Server next = first; next != null; next = eligible.select(turn, key, excluded)) {
            if (next.isAvoided(now)) {
                avoided.add(next);
            } else if (next.begin()) {
                return next;
            } else {
                full = true;
            }
            excluded.add(next);
        }
        if (full) {
            return null;
        }
        for (Server next : avoided) {
            if (next.begin()) {
                return next;
            }
        }
        return null;
    }

    /**
     * Takes a new configuration: servers whose name and address are unchanged stay the objects they
     * are.
     *
     * @return the servers that are no longer in it
     */
    public synchronized List<Server> configure(buoy.config.model.Pool config) {
        List<Server> before = snapshot.servers;
        members = merge(config);
        publish(config, List.copyOf(members.values()));
        return before.stream().filter(server -> !isMember(server)).toList();
    }

    /** What has changed may have made room, or left nothing to stand in line for. */
    private void publish(buoy.config.model.Pool config, List<Server> servers) {
        behind = false;
        snapshot = picture(config, servers);
        roomForSomebody();
    }

    /** A server is as it was not before. */
    private void heed() {
        Snapshot now = snapshot;
        if (now.servers.size() > AT_ONCE) {
            behind = true;
        } else {
            publish(now.config, now.servers);
        }
    }

    /**
     * Whether servers have changed and picks do not heed it yet: somebody is to call {@link
     * #catchUp} soon. Only pools of many servers ever are.
     */
    public boolean isBehind() {
        return behind;
    }

    /** Picks heed everything from now on. */
    public synchronized void catchUp() {
        if (behind) {
            publish(snapshot.config, snapshot.servers);
        }
    }

    /** Says who serves while no server of this pool may, best first. */
    public void fallbacks(List<Pool> pools) {
        fallbacks = List.copyOf(pools);
    }

    /**
     * From now on nothing begins on its servers: who comes waits, and who stands in line waits with
     * them. Changes nothing if it is paused.
     */
    public synchronized void pause(Instant now) {
        if (paused.isEmpty()) {
            paused = Optional.of(now);
            roomForSomebody();
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

    /** The pool left the configuration: nobody waits for it any longer but who stands in line. */
    public void close() {
        closed = true;
    }

    /** What was under way when it was closed has had its time: nothing begins any more. */
    public synchronized void empty() {
        Snapshot now = snapshot;
        snapshot =
                new Snapshot(
                        now.config,
                        now.servers,
                        Choice.of(now.config.balance(), List.of()),
                        List.of(),
                        0,
                        false,
                        null);
        roomForSomebody();
    }

    /**
     * Takes a verdict of the health checks; the pool may be {@linkplain #isBehind behind} then.
     *
     * @return false if the server is no longer in this pool, and nothing was changed
     */
    public synchronized boolean health(Server server, ServerHealth health) {
        if (!isMember(server)) {
            return false;
        }
        if (health.isUp() && server.health().state() == State.DOWN) {
            server.rises(System.nanoTime());
            server.ejected(Optional.empty());
        }
        server.health(health);
        heed();
        return true;
    }

    /**
     * Takes what is known now of where a server is; the pool may be {@linkplain #isBehind behind}
     * then.
     *
     * @return its health before and now, where that has changed with it
     */
    public synchronized Optional<HealthChange> locate(Server server, Whereabouts now) {
        server.whereabouts(now);
        if (snapshot.config.health().isPresent() || !isMember(server)) {
            // Its checks find out, and say so.
            server.suspect();
            return Optional.empty();
        }
        ServerHealth before = server.health();
        ServerHealth after = unchecked(server);
        if (after.state() == before.state()) {
            return Optional.empty();
        }
        server.health(after);
        heed();
        return Optional.of(new HealthChange(before, after));
    }

    /** Of one server. */
    public record HealthChange(ServerHealth before, ServerHealth now) {}

    /** The health of a server that nothing checks: it is up wherever it is found. */
    private static ServerHealth unchecked(Server server) {
        Whereabouts where = server.whereabouts();
        if (where.at().isPresent()) {
            return new ServerHealth(State.UP, Instant.now(), "no health check");
        }
        return where.unresolved()
                .map(why -> new ServerHealth(State.DOWN, Instant.now(), why))
                .orElseGet(
                        () ->
                                new ServerHealth(
                                        State.UNKNOWN, Instant.now(), "name not looked up yet"));
    }

    /** Takes an operator's orders for one of its servers. */
    public synchronized void order(Server server, Server.Orders orders) {
        if (server.orders().duty() == Duty.MAINTENANCE && orders.duty() == Duty.READY) {
            server.rises(System.nanoTime());
        }
        server.orders(orders);
        publish(snapshot.config, snapshot.servers);
    }

    /** Who is told, on a worker, of a server with too many failures of live traffic. */
    public void onCondemned(BiConsumer<Server, Reason> told) {
        condemned = told;
    }

    /**
     * Takes a server that failed live traffic out of work, unless it is the last; the pool may be
     * {@linkplain #isBehind behind} then.
     *
     * @return whether it was taken out
     */
    public synchronized boolean eject(Server server, Ejection ejection) {
        if (!snapshot.serving.contains(server)
                || server.ejected().isPresent()
                || !anotherServes(server)) {
            return false;
        }
        server.ejected(Optional.of(ejection));
        heed();
        return true;
    }

    /** Of this moment, also where picks do not heed everything yet. */
    private boolean anotherServes(Server server) {
        Snapshot now = snapshot;
        for (int i = 0; i < now.servers.size(); i++) {
            Server other = now.servers.get(i);
            if (other != server
                    && other.ejected().isEmpty()
                    && mayServe(other, weight(other, now.config.servers().get(i)))) {
                return true;
            }
        }
        return false;
    }

    /**
     * The time of an ejected server is over; the pool may be {@linkplain #isBehind behind} then.
     *
     * @return false if it was not ejected any more, or anew, or is no longer in this pool
     */
    public synchronized boolean readmit(Server server, Ejection over) {
        if (!isMember(server) || server.ejected().filter(over::equals).isEmpty()) {
            return false;
        }
        server.ejected(Optional.empty());
        server.rises(System.nanoTime());
        heed();
        return true;
    }

    /**
     * A server's agent wants so much of its weight for it, in percent; the pool may be {@linkplain
     * #isBehind behind} then.
     *
     * @return whether that is news
     */
    public synchronized boolean grant(Server server, int percent) {
        if (server.granted() == percent) {
            return false;
        }
        server.granted(percent);
        heed();
        return true;
    }

    /**
     * Gives servers that came back up the weight of this moment.
     *
     * @return whether one has not got its full weight yet
     */
    public synchronized boolean ramp() {
        publish(snapshot.config, snapshot.servers);
        return snapshot.rising;
    }

    private boolean isMember(Server server) {
        return server.equals(members.get(server.name()));
    }

    /** The servers of this configuration, in its order: those that are members, and new ones. */
    private Map<String, Server> merge(buoy.config.model.Pool config) {
        ServerHealth unknown = new ServerHealth(State.UNKNOWN, Instant.now(), "not checked yet");
        boolean agents = config.health().map(Health::probe).orElse(null) instanceof Probe.Agent;
        Map<String, Server> after = LinkedHashMap.newLinkedHashMap(config.servers().size());
        for (buoy.config.model.Pool.Server configured : config.servers()) {
            Server namesake = members.get(configured.name());
            Server server = namesake;
            if (server == null || !server.configured().equals(configured.address())) {
                server =
                        new Server(
                                name,
                                configured.name(),
                                configured.address(),
                                line,
                                own.length,
                                unknown,
                                manners);
                if (namesake != null) {
                    // Who took it out by name did not mean its address.
                    server.orders(namesake.orders());
                }
            }
            server.most(configured.maxConnections());
            server.watch(config.passive());
            if (!agents) {
                server.granted(Server.WHOLE);
            }
            if (config.health().isEmpty()) {
                if (!server.health().isUp()) {
                    server.health(unchecked(server));
                }
            }
            after.put(server.name(), server);
        }
        return after;
    }

    /** Of the configuration as it is when somebody asks. */
    private final class OwnManners implements Server.Manners {
        @Override
        public Protection protection() {
            return protection;
        }

        @Override
        public buoy.config.model.Pool config() {
            return snapshot.config;
        }

        @Override
        public void condemned(Server server, Reason last) {
            condemned.accept(server, last);
        }
    }

    private @Nullable Sticking sticking(buoy.config.model.Pool config, List<Server> servers) {
        return config.sticky()
                .map(sticky -> Sticking.of(name, sticky, servers, this::remembered))
                .orElse(null);
    }

    /**
     * Who is to meet which of its servers again.
     *
     * @param most of them, the latest
     */
    public List<Met> met(int most) {
        Remembered known = remembered;
        return known == null ? List.of() : known.latest(most);
    }

    /** The same, as another process has known it. */
    public synchronized void remember(List<Met> met) {
        Remembered mine = remembered;
        if (mine == null) {
            return; // its configuration wants none
        }
        Map<String, Server> byName = new HashMap<>();
        snapshot.servers.forEach(server -> byName.put(server.name(), server));
        for (Met each : met) {
            Server server = byName.get(each.server());
            if (server != null) {
                mine.put(each.key(), server, each.used());
            }
        }
    }

    private Remembered remembered() {
        Remembered known = remembered;
        if (known == null) {
            known = new Remembered();
            remembered = known;
        }
        return known;
    }

    /** At least a little, of one that takes work at all. */
    private static int share(Server server, int weight) {
        return server.granted() == Server.WHOLE
                ? weight
                : Math.max(1, weight * server.granted() / Server.WHOLE);
    }

    private static int weight(Server server, buoy.config.model.Pool.Server configured) {
        return server.orders().weight().orElse(configured.weight());
    }

    /** Whether it takes work, as far as its checks, its agent and operators want it. */
    private static boolean mayServe(Server server, int weight) {
        return server.works()
                && weight > 0
                && server.granted() > 0
                && server.orders().duty() == Duty.READY;
    }

    private Snapshot picture(buoy.config.model.Pool config, List<Server> servers) {
        long now = System.nanoTime();
        List<Weighted<Server>> first = new ArrayList<>();
        List<Weighted<Server>> backups = new ArrayList<>();
        List<Weighted<Server>> ejected = new ArrayList<>();
        int up = 0;
        boolean rising = false;
        for (int i = 0; i < servers.size(); i++) {
            Server server = servers.get(i);
            buoy.config.model.Pool.Server configured = config.servers().get(i);
            int weight = weight(server, configured);
            if (!server.works()) {
                continue;
            }
            up += server.ejected().isPresent() ? 0 : 1;
            if (mayServe(server, weight)) {
                int step = SlowStart.step(server.sinceRise(now), config.slowStart());
                rising |= step < SlowStart.STEPS;
                (server.ejected().isPresent() ? ejected : configured.backup() ? backups : first)
                        .add(new Weighted<>(server, share(server, weight * step)));
            }
        }
        // One that failed live traffic is better than none.
        List<Weighted<Server>> eligible =
                !first.isEmpty() ? first : !backups.isEmpty() ? backups : ejected;
        return new Snapshot(
                config,
                servers,
                Choice.of(config.balance(), eligible),
                eligible.stream().map(Weighted::server).toList(),
                up,
                rising,
                sticking(config, servers));
    }
}
