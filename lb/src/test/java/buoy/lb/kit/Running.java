package buoy.lb.kit;

import buoy.config.model.Config;
import buoy.config.model.Endpoint;
import buoy.lb.Balancer;
import buoy.lb.BalancerEvent;
import buoy.lb.BalancerObserver;
import buoy.lb.BalancerStatus;
import buoy.lb.BalancerStatus.ListenerStatus;
import buoy.lb.BalancerStatus.PoolStatus;
import buoy.lb.BalancerStatus.ServerStatus;
import buoy.lb.BindFailed;
import buoy.lb.Inherited;
import buoy.lb.Secured;
import buoy.lb.health.Programs;
import buoy.lb.worker.TransportUnavailable;
import buoy.tls.Challenges;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A balancer that runs, and what its observer was told. */
public final class Running implements AutoCloseable {
    private final Balancer balancer;
    private final Told told;

    /** Keeps what the balancer says. */
    private static final class Told implements BalancerObserver {
        final List<BalancerEvent> events = new CopyOnWriteArrayList<>();
        final Map<String, Integer> up = new ConcurrentHashMap<>();

        @Override
        public void poolChanged(String pool, int serversUp) {
            up.put(pool, serversUp);
        }

        @Override
        public void event(BalancerEvent event) {
            events.add(event);
        }
    }

    private Running(Balancer balancer, Told told) {
        this.balancer = balancer;
        this.told = told;
    }

    public static Running start(Config config) throws TransportUnavailable, BindFailed {
        return start(config, Secured.NOTHING);
    }

    public static Running start(Config config, Secured tls)
            throws TransportUnavailable, BindFailed {
        return start(
                config,
                tls,
                (argv, _, _, _) -> {
                    throw new IllegalStateException("no program is to be run: " + argv);
                });
    }

    public static Running start(Config config, Secured tls, Programs programs)
            throws TransportUnavailable, BindFailed {
        Leaks.watch();
        Told told = new Told();
        return new Running(
                Balancer.start(config, tls, new Challenges(), programs, Inherited.nothing(), told),
                told);
    }

    public void apply(Config config) throws BindFailed {
        balancer.apply(config, Secured.NOTHING);
    }

    public Balancer balancer() {
        return balancer;
    }

    public BalancerStatus status() {
        return balancer.status();
    }

    public List<BalancerEvent> events() {
        return told.events;
    }

    /** Servers up as last told; -1 if never. */
    public int up(String pool) {
        return told.up.getOrDefault(pool, -1);
    }

    public ListenerStatus listener(String name) {
        return status().listeners().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    public PoolStatus pool(String name) {
        return status().pools().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    public ServerStatus server(String pool, String name) {
        return pool(pool).servers().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Where it listens first; not on a unix socket. */
    public Endpoint endpoint(String listener) {
        return (Endpoint) listener(listener).bound().getFirst();
    }

    public int port(String listener) {
        return endpoint(listener).port();
    }

    /** A client's connection, which gives up on any read after ten seconds. */
    public Socket connect(String listener) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port(listener));
        socket.setSoTimeout(10_000);
        return socket;
    }

    @Override
    public void close() {
        balancer.close();
        Leaks.assertNone();
    }
}
