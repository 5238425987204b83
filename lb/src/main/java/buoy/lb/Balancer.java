package buoy.lb;

import buoy.config.model.AccessLog.Destination;
import buoy.config.model.Config;
import buoy.config.model.Listener;
import buoy.config.model.Pool.Source;
import buoy.config.model.ProcessSettings;
import buoy.lb.BalancerStatus.WorkerStatus;
import buoy.lb.health.Programs;
import buoy.lb.http.Http;
import buoy.lb.journal.Journals;
import buoy.lb.listen.CameTo;
import buoy.lb.listen.Places;
import buoy.lb.pool.Duty;
import buoy.lb.pool.Pool;
import buoy.lb.pool.Server.Orders;
import buoy.lb.postgres.PostgresFronts;
import buoy.lb.udp.UdpSockets;
import buoy.lb.worker.TransportUnavailable;
import buoy.lb.worker.Workers;
import buoy.tls.Challenges;
import io.netty.channel.ChannelFuture;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The whole balancer: workers, listeners, pools and their health checks. Calls may come from any
 * thread but a worker's or the observer's; they take turns.
 */
public final class Balancer implements AutoCloseable {
    /** How long every worker may take to cut its connections; a hung one never does. */
    private static final Duration TO_CUT = Duration.ofMillis(500);

    /** How long the threads may take to end once every connection is cut. */
    private static final Duration TO_CLOSE = Duration.ofSeconds(2);

    private static final String EPOLL = "epoll";

    private final Workers workers;
    private final BalancerObserver observer;
    private final Places connections;
    private final RunningPools pools;
    private final RunningListeners listeners;
    private final Journals journals;
    private final Http http;
    private final Sessions sessions;
    private ProcessSettings settings;
    private boolean closed;

    private Balancer(
            Workers workers,
            ProcessSettings settings,
            Challenges challenges,
            Programs programs,
            Inherited inherited,
            BalancerObserver observer) {
        this.workers = workers;
        this.observer = observer;
        this.settings = settings;
        connections = new Places(most(settings), PortRange.sessions());
        pools = new RunningPools(workers, programs, inherited.pools(), observer);
        journals = new Journals(workers.count(), new JournalEvents(observer));
        http = new Http(workers.count(), journals, challenges);
        UdpSockets datagrams = new UdpSockets(workers.count());
        sessions = new Sessions(workers, datagrams);
        listeners =
                new RunningListeners(
                        workers,
                        new Fronts(http, new PostgresFronts(workers.count()), datagrams),
                        connections,
                        inherited,
                        observer);
    }

    /**
     * Starts the workers, binds every listener and starts the health checks.
     *
     * @param tls what speaks TLS
     * @param challenges what CAs are answered that ask in plain HTTP
     * @param programs runs those that check servers
     * @param inherited listening sockets that need not be bound; if there are any, nobody is let in
     *     until {@link #begin}
     * @throws BindFailed if a listener could not be bound; nothing runs then
     */
    public static Balancer start(
            Config config,
            Secured tls,
            Challenges challenges,
            Programs programs,
            Inherited inherited,
            BalancerObserver observer)
            throws TransportUnavailable, BindFailed {
        Workers workers = Workers.start(config.process());
        Balancer balancer =
                new Balancer(workers, config.process(), challenges, programs, inherited, observer);
        try {
            if (inherited.isHeld() && !workers.transport().equals(EPOLL)) {
                throw new BindFailed(
                        List.of(
                                "process.transport: only epoll takes over listening sockets (restart buoy instead)"));
            }
            balancer.apply(config, tls);
            inherited.closeTheRest();
        } catch (BindFailed failed) {
            balancer.close();
            throw failed;
        }
        return balancer;
    }

    /**
     * Takes a new configuration over without a failed request: unchanged servers keep their health,
     * counters and connections, unchanged addresses keep their sockets, what left drains.
     *
     * @throws BindFailed if a new address could not be bound; the old configuration goes on then
     */
    public synchronized void apply(Config config, Secured tls) throws BindFailed {
        refuseTransparency(config);
        refuseUserTimeout(config);
        Map<String, Pool> named = pools.named(config.pools());
        Map<String, OpenListener> bound =
                listeners.bind(config.listeners(), tls.listeners(), named);
        // From here on nothing can refuse.
        pools.apply(config.pools(), tls.pools(), named, config.process().nameServers());
        listeners.apply(bound, tls.listeners(), named, config.process().drain());
        journals.keep(destinations(config), config.process().drain());
        connections.most(most(config.process()));
        noticeRestarts(config.process());
        settings = config.process();
    }

    private void refuseTransparency(Config config) throws BindFailed {
        List<String> wanted =
                config.pools().values().stream()
                        .filter(pool -> pool.source().equals(Optional.of(new Source.Client())))
                        .map(
                                pool ->
                                        "pools.%s.source: client: the kernel lets this process have no"
                                                        .formatted(pool.name())
                                                + " addresses of others (it takes CAP_NET_ADMIN and"
                                                + " `transport: epoll`)")
                        .toList();
        if (!wanted.isEmpty() && !workers.mayBeTransparent()) {
            throw new BindFailed(wanted);
        }
    }

    private void refuseUserTimeout(Config config) throws BindFailed {
        Stream<String> listeners =
                config.listeners().values().stream()
                        .filter(each -> each.admission().tcp().userTimeout().isPresent())
                        .map(each -> "listeners." + each.name());
        Stream<String> pools =
                config.pools().values().stream()
                        .filter(each -> each.timeouts().tcp().userTimeout().isPresent())
                        .map(each -> "pools." + each.name());
        List<String> wanted =
                Stream.concat(listeners, pools)
                        .map(
                                each ->
                                        each
                                                + ".tcp.user-timeout: takes `transport: epoll` (use keep-alive)")
                        .toList();
        if (!wanted.isEmpty() && !workers.haveUserTimeout()) {
            throw new BindFailed(wanted);
        }
    }

    private static Set<Destination> destinations(Config config) {
        Set<Destination> all = new HashSet<>();
        for (Listener listener : config.listeners().values()) {
            if (listener instanceof Listener.Http http) {
                http.accessLog().ifPresent(log -> all.add(log.to()));
            }
        }
        return all;
    }

    /**
     * Lets clients in, where sockets were inherited; from now on it is the process before that must
     * not.
     *
     * @throws BindFailed if a worker more than the process before had could not get its socket
     */
    public synchronized void begin() throws BindFailed {
        listeners.begin();
    }

    /**
     * The sockets that another process can take over, by descriptors that stay ours. Those at a
     * port that the kernel chose are not among them.
     *
     * @return empty too where the transport has none to pass on
     */
    public synchronized List<ListeningSocket> listeningSockets() {
        return listeners.passable();
    }

    /** What another process can go on from. */
    public synchronized PoolsKnown known() {
        return pools.known();
    }

    /** What operators want of pools and servers; of all else that is known only some is there. */
    public synchronized PoolsKnown ordered() {
        return pools.ordered();
    }

    /** Every server of every pool, in the order of the configuration. */
    public synchronized List<ServerPlace> servers() {
        return pools.servers();
    }

    /** Leaves the sockets to another process, which has them as well; clients stay. */
    public synchronized void leaveListening() {
        listeners.leave();
    }

    /**
     * Refuses new connections from now on, for good; clients stay. Waits, for a fraction of a
     * second mostly, until those have come in whose connections the kernel is making.
     *
     * @param atMost how long they are waited for; they go on coming in, as long as this runs
     */
    public void refuseNew(Duration atMost) throws InterruptedException {
        long deadline = System.nanoTime() + atMost.toNanos();
        List<ChannelFuture> closed;
        synchronized (this) {
            closed = listeners.refuse();
        }
        for (ChannelFuture each : closed) {
            var _ = each.await(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        }
    }

    /**
     * Lets nobody new in at a listener, until {@link #resumeListener}: connections are refused, and
     * datagrams of clients that have no session are dropped. Whoever is there stays, and so do kept
     * connections of HTTP.
     *
     * @return false if there is no such listener
     */
    public synchronized boolean pauseListener(String name) {
        return listeners.pause(name);
    }

    /**
     * Lets clients in again at a listener.
     *
     * @return whether it was paused; empty if there is no such listener
     * @throws BindFailed if an address cannot be had any more; it stays paused then
     */
    public synchronized Optional<Boolean> resumeListener(String name) throws BindFailed {
        return listeners.resume(name);
    }

    /** The listeners that are paused, and since when. */
    public synchronized Map<String, Instant> pausedListeners() {
        return listeners.paused();
    }

    /** How many connections and sessions a listener has. */
    public int connected(String listener) {
        return listeners.connected(listener);
    }

    /** The names of the listeners, in the order of the configuration. */
    public List<String> listenerNames() {
        return listeners.names();
    }

    /** Opens the files of access logs again: they were renamed. */
    public void reopenLogs() {
        journals.reopen();
    }

    private void noticeRestarts(ProcessSettings next) {
        if (!next.workers().equals(settings.workers())) {
            observer.event(new BalancerEvent.RestartNeeded("process.workers"));
        }
        if (next.transport() != settings.transport()) {
            observer.event(new BalancerEvent.RestartNeeded("process.transport"));
        }
    }

    private int most(ProcessSettings settings) {
        return settings.maxConnections().orElseGet(() -> FileLimit.connections(workers.count()));
    }

    /**
     * How long ago each worker showed life. Waits for nothing, not even for a reload that waits for
     * a hung worker: this is how it is found out.
     */
    public List<WorkerStatus> workers() {
        long now = System.nanoTime();
        return workers.all().stream()
                .map(
                        worker ->
                                new WorkerStatus(
                                        worker.index(),
                                        Duration.ofNanos(Math.max(0, now - worker.lastTick())),
                                        worker.thread()))
                .toList();
    }

    /**
     * Every listener, with why it accepts no connections, if so. Waits for nothing. One that is
     * full accepts, and says no.
     */
    public Map<String, Optional<String>> accepting() {
        return listeners.accepting();
    }

    /**
     * Has new exchanges and sessions of a pool wait, until {@link #resume}.
     *
     * @return empty if there is no such pool
     */
    public synchronized Optional<Pause> pause(String name) {
        Optional<Pool> pool = pools.find(name);
        pool.ifPresent(pools::pause);
        return pool.map(each -> new Pause(pools, each));
    }

    /**
     * Lets a pool go on.
     *
     * @return whether it was paused; empty if there is no such pool
     */
    public synchronized Optional<Boolean> resume(String name) {
        return pools.find(name).map(pools::resume);
    }

    /** The names of the pools, in the order of the configuration. */
    public synchronized List<String> poolNames() {
        return List.copyOf(pools.names());
    }

    /** The balancer as of now. */
    public synchronized BalancerStatus status() {
        return new BalancerStatus(
                workers.transport(),
                connections.taken(),
                connections.most(),
                workers.memory().taken(),
                workers.memory().most(),
                workers(),
                listeners.status(),
                pools.status(),
                journals.states());
    }

    /** What has gone through it, for who asks often. */
    public synchronized Flows flows() {
        return new Flows(listeners.flows(), pools.flows());
    }

    /**
     * An operator wants this of a server, until one wants something else.
     *
     * @return false if there is no such server
     */
    public synchronized boolean order(String pool, String server, Duty duty) {
        return pools.order(pool, server, now -> new Orders(duty, Instant.now(), now.weight()));
    }

    /**
     * An operator gives a server another weight, until one gives it that of the configuration, or
     * the configuration comes to say the same.
     *
     * @return false if there is no such server
     */
    public synchronized boolean order(String pool, String server, int weight) {
        return pools.order(
                pool, server, now -> new Orders(now.duty(), now.since(), OptionalInt.of(weight)));
    }

    /**
     * What is with clients now. Workers go on serving while they look.
     *
     * @param most that are listed
     * @param patience how long a worker may take
     */
    public SessionList sessions(SessionFilter filter, int most, Duration patience)
            throws InterruptedException {
        return sessions.list(listeners.withClients(), filter, most, patience);
    }

    /**
     * An operator wants one of them gone.
     *
     * @param id as it was listed
     * @return what it was; empty if it is not here any more, or never was
     * @throws TimeoutException if its worker does not answer in time; it may be ended yet
     */
    public Optional<LiveSession> endSession(String id, Duration patience)
            throws InterruptedException, TimeoutException {
        return sessions.end(listeners.withClients(), id, patience);
    }

    /**
     * To let the clients of some addresses of this host go; a listener added later is not in it.
     */
    public synchronized Departure departure(Predicate<InetAddress> at) {
        return listeners.departure(new CameTo.Addresses(at));
    }

    /** The same for every client, those on unix sockets too. */
    public synchronized Departure departureOfAll() {
        return listeners.departure(new CameTo.Anywhere());
    }

    /**
     * Waits for the last client, of whatever address, to go.
     *
     * @return whether no client is connected any more, and none is owed an answer by datagram;
     *     false when the time is over before
     */
    public boolean awaitNobody(Duration patience) throws InterruptedException {
        return connections.awaitNobody(patience);
    }

    /**
     * Stops accepting, cuts what is left and ends every thread. Waits, for three seconds at most.
     * Does nothing the second time.
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        pools.stop();
        try {
            listeners.stop(TO_CUT);
            workers.close(TO_CLOSE);
            http.close();
            journals.close();
        } catch (InterruptedException _) {
            // Whoever interrupts wants it faster: the threads end by themselves.
            Thread.currentThread().interrupt();
        }
    }
}
