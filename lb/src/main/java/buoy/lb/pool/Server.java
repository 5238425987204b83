package buoy.lb.pool;

import buoy.config.model.Endpoint;
import buoy.lb.worker.Worker;
import buoy.tls.ClientTls;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * One server of one pool, as long as pool, name and address stay the same. Compared by identity.
 *
 * <p>Workers: {@link #begin}, {@link #end}, {@link #refused}, their {@link #tally} and their {@link
 * #roster}. Control: health. Anyone: the rest.
 */
public final class Server {
    /** How long a server that refused a connection is left in peace while others are up. */
    private static final long AVOIDED_NANOS = 1_000_000_000L;

    private final String pool;
    private final String name;
    private final Endpoint endpoint;
    private final InetSocketAddress address;
    private final Supplier<Protection> protection;
    private final AtomicInteger active = new AtomicInteger();
    private final Tally[] tallies;
    private final Roster[] rosters;
    private volatile ServerHealth health;
    private volatile Optional<Standing> standing = Optional.empty();
    private volatile Runnable suspicion = () -> {};
    private volatile boolean avoided;
    private volatile long avoidedUntil;

    /**
     * @param protection of its pool, as of now
     */
    Server(
            String pool,
            String name,
            Endpoint endpoint,
            int workers,
            ServerHealth health,
            Supplier<Protection> protection) {
        this.protection = protection;
        this.pool = pool;
        this.name = name;
        this.endpoint = endpoint;
        this.address = new InetSocketAddress(endpoint.address(), endpoint.port());
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

    public Endpoint endpoint() {
        return endpoint;
    }

    public InetSocketAddress address() {
        return address;
    }

    /** TLS for exchanges and sessions that begin now. */
    public Optional<ClientTls> tls() {
        return protection.get().work();
    }

    /** TLS for health checks that connect now. */
    public Optional<ClientTls> checkTls() {
        return protection.get().checks();
    }

    public ServerHealth health() {
        return health;
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

    /** An exchange or session begins; each is ended exactly once. */
    public void begin() {
        active.incrementAndGet();
    }

    /** An exchange or session that began is over, well or not. */
    public void end() {
        active.decrementAndGet();
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

    boolean isAvoided(long now) {
        return avoided && now - avoidedUntil < 0;
    }

    void health(ServerHealth now) {
        health = now;
        avoided = false;
    }

    /** The sum over all workers. */
    public Totals totals() {
        return Tally.sum(Arrays.asList(tallies));
    }

    /** {@code POOL/NAME}, as commands write it. */
    @Override
    public String toString() {
        return pool + "/" + name;
    }
}
