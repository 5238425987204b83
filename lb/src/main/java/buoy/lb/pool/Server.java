package buoy.lb.pool;

import buoy.config.model.Pool.Passive;
import buoy.config.model.Pool.Protocol;
import buoy.config.model.Pool.SendProxy;
import buoy.config.model.Pool.Source;
import buoy.config.model.ServerAddress;
import buoy.lb.proxy.Ends;
import buoy.lb.worker.From;
import buoy.lb.worker.SocketAddresses;
import buoy.lb.worker.Worker;
import buoy.tls.ClientTls;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One server of one pool, as long as pool, name and address stay the same. Compared by identity.
 *
 * <p>Workers: {@link #begin}, {@link #end}, {@link #refused}, their {@link #tally} and their {@link
 * #roster}. Control: health. Anyone: the rest.
 */
public final class Server {
    /** How long a server that refused a connection is left in peace while others are up. */
    static final long AVOIDED_NANOS = 1_000_000_000L;

    private static final int UNBOUNDED = Integer.MAX_VALUE;

    /** Of its weight, in percent. */
    public static final int WHOLE = 100;

    private final String pool;
    private final String name;
    private final ServerAddress address;
    private final Manners manners;
    private final AtomicInteger active = new AtomicInteger();
    private final Line line;
    private final Tally[] tallies;
    private final Roster[] rosters;
    private volatile int most = UNBOUNDED;
    private volatile ServerHealth health;
    private volatile Located located;
    private volatile @Nullable Passive passive;
    private volatile @Nullable Failures failures;
    private volatile Optional<Ejection> ejected = Optional.empty();

    /** When it came back up, by {@link System#nanoTime}; null if it never was down. */
    private volatile @Nullable Long risen;

    private volatile Orders orders = new Orders(Duty.READY, Instant.now(), OptionalInt.empty());
    private volatile int granted = WHOLE;
    private volatile Optional<Standing> standing = Optional.empty();
    private volatile Runnable suspicion = () -> {};
    private volatile boolean avoided;
    private volatile long avoidedUntil;

    /** What all servers of a pool have in common, as of now. */
    interface Manners {
        Protection protection();

        buoy.config.model.Pool config();

        /** On a worker: there were too many failures, and this was the last. */
        void condemned(Server server, Reason last);
    }

    /** With the address as connections want it; null while there is none. */
    private record Located(Whereabouts whereabouts, @Nullable SocketAddress address) {
        static Located of(Whereabouts whereabouts) {
            return new Located(whereabouts, whereabouts.at().map(SocketAddresses::of).orElse(null));
        }
    }

    /**
     * @param line who waits for a server of the pool to have room
     * @param manners of its pool
     */
    Server(
            String pool,
            String name,
            ServerAddress address,
            Line line,
            int workers,
            ServerHealth health,
            Manners manners) {
        this.manners = manners;
        this.pool = pool;
        this.line = line;
        this.name = name;
        this.address = address;
        this.located = Located.of(Whereabouts.of(address));
        this.tallies = new Tally[workers];
        this.rosters = new Roster[workers];
        Arrays.setAll(tallies, _ -> new Tally());
        Arrays.setAll(rosters, _ -> new Roster());
        this.health = health;
    }

    public String pool() {
        return pool;
    }

    public String name() {
        return name;
    }

    /** As configured. */
    public ServerAddress configured() {
        return address;
    }

    public Whereabouts whereabouts() {
        return located.whereabouts;
    }

    void whereabouts(Whereabouts now) {
        located = Located.of(now);
    }

    /** Where to connect to now. One that is or was up has an address. */
    public SocketAddress address() {
        return Objects.requireNonNull(located.address, "a server that was never found is not up");
    }

    /** TLS for exchanges and sessions that begin now. */
    public Optional<ClientTls> tls() {
        return manners.protection().work();
    }

    /** How it is told whose the connections are that are made now. */
    public Optional<SendProxy> sendProxy() {
        return manners.config().sendProxy();
    }

    /**
     * Where connections come from that are made now.
     *
     * @param whose they are; null if they are our own
     * @return null where it is for the kernel to choose
     */
    public @Nullable From from(@Nullable Ends whose) {
        Optional<Source> given = manners.config().source();
        if (given.isEmpty()) {
            return null;
        }
        return switch (given.get()) {
            case Source.Address(var own) -> new From(own, false);
            case Source.Client() -> {
                if (whose == null || !whose.areKnown()) {
                    yield null;
                }
                InetAddress client = whose.client().getAddress();
                // One of the link means nothing on another, where the servers may be.
                yield client.isLinkLocalAddress() ? null : new From(client, true);
            }
        };
    }

    /** What it speaks on connections that are made now. */
    public Protocol protocol() {
        return manners.config().protocol();
    }

    /** TLS for health checks that connect now. */
    public Optional<ClientTls> checkTls() {
        return manners.protection().checks();
    }

    public ServerHealth health() {
        return health;
    }

    /**
     * What operators want of a server.
     *
     * @param since when they last said what it is to do
     * @param weight in place of the configured one
     */
    public record Orders(Duty duty, Instant since, OptionalInt weight) {}

    /** The percentage of its weight that its agent wants for it. */
    public int granted() {
        return granted;
    }

    void granted(int percent) {
        granted = percent;
    }

    public Orders orders() {
        return orders;
    }

    void orders(Orders now) {
        orders = now;
    }

    /** Whether it works and no operator has taken it out. */
    boolean works() {
        return health.isUp() && orders.duty() != Duty.MAINTENANCE;
    }

    /** Why it takes no work for a while although it works, if so: it failed live traffic. */
    public Optional<Ejection> ejected() {
        return ejected;
    }

    void ejected(Optional<Ejection> now) {
        ejected = now;
        Failures counted = failures;
        if (counted != null) {
            counted.clear();
        }
    }

    /** Watches live traffic from now on. */
    void watch(Optional<Passive> by) {
        if (!by.equals(Optional.ofNullable(passive))) {
            passive = by.orElse(null);
            failures = by.map(Failures::new).orElse(null);
        }
    }

    /** An exchange or session failed on it. */
    public void failed(Worker worker, Reason reason) {
        tally(worker).failed(reason);
        Failures counted = failures;
        if (counted != null && reason.blamesServer() && counted.tooMany(System.nanoTime())) {
            manners.condemned(this, reason);
        }
    }

    /** It takes work again: {@code slow-start} begins. */
    void rises(long now) {
        risen = now;
    }

    /** How long ago it began to take work again; null if it always did. */
    @Nullable Duration sinceRise(long now) {
        Long at = risen;
        return at == null ? null : Duration.ofNanos(now - at);
    }

    /** What it last said of itself, if it is asked for that. */
    public Optional<Standing> standing() {
        return standing;
    }

    public void standing(Optional<Standing> now) {
        standing = now;
    }

    /** Who wants to know when live traffic suggests that the server's health has changed. */
    public void suspicion(Runnable told) {
        suspicion = told;
    }

    /** Live traffic suggests that the server's health has changed. Waits for nothing. */
    public void suspect() {
        suspicion.run();
    }

    /** Exchanges and sessions in flight, over all workers. */
    public int active() {
        return active.get();
    }

    /** {@code max-connections}; empty is without a bound. */
    public OptionalInt most() {
        return most == UNBOUNDED ? OptionalInt.empty() : OptionalInt.of(most);
    }

    void most(OptionalInt bound) {
        most = bound.orElse(UNBOUNDED);
    }

    /** Whether one more may begin. Another thread may be faster. */
    boolean hasRoom() {
        return active.get() < most;
    }

    /**
     * An exchange or session begins; each is ended exactly once.
     *
     * @return false if the server is at its {@code max-connections}: nothing has begun
     */
    public boolean begin() {
        int bound = most;
        if (bound == UNBOUNDED) {
            active.incrementAndGet();
            return true;
        }
        for (int now = active.get(); now < bound; now = active.get()) {
            if (active.compareAndSet(now, now + 1)) {
                return true;
            }
        }
        return false;
    }

    /** An exchange or session that began is over, well or not. */
    public void end() {
        active.decrementAndGet();
        if (most != UNBOUNDED) {
            line.next();
        }
    }

    /** The worker's own counts of this server. */
    public Tally tally(Worker worker) {
        return tallies[worker.index()];
    }

    /** The worker's own connections to this server, idle ones too. */
    public Roster roster(Worker worker) {
        return rosters[worker.index()];
    }

    /**
     * A connection could not be made. For a second, picks prefer other servers, so that not every
     * exchange pays for a failed connect until the health checks have counted to {@code fall}.
     */
    public void refused(Worker worker) {
        avoidedUntil = worker.now() + AVOIDED_NANOS;
        avoided = true;
        suspect();
    }

    /** A connection was made. */
    public void accepted() {
        if (avoided) {
            avoided = false;
        }
    }

    /** Whether it takes clients that it has served before: also while it drains. */
    boolean keeps(long now) {
        return works() && ejected.isEmpty() && !isAvoided(now);
    }

    boolean isAvoided(long now) {
        return avoided && now - avoidedUntil < 0;
    }

    void health(ServerHealth now) {
        health = now;
        avoided = false;
    }

    /** Of all workers. Not for them. */
    public List<Tally> tallies() {
        return Arrays.asList(tallies);
    }

    /** The sum over all workers. */
    public Totals totals() {
        return totals(new Distribution());
    }

    /**
     * The same for who asks many servers.
     *
     * @param times to add them up in
     */
    public Totals totals(Distribution times) {
        return Tally.sum(Arrays.asList(tallies), times);
    }

    /** {@code POOL/NAME}, as commands write it. */
    @Override
    public String toString() {
        return pool + "/" + name;
    }
}
