package buoy.lb;

import buoy.config.model.Location;
import buoy.config.model.ServerAddress;
import buoy.lb.journal.Journal;
import buoy.lb.pool.Ejection;
import buoy.lb.pool.Server;
import buoy.lb.pool.ServerHealth;
import buoy.lb.pool.Standing;
import buoy.lb.pool.Totals;
import buoy.lb.pool.Whereabouts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The balancer as of one moment.
 *
 * @param transport {@code epoll} or {@code nio}
 * @param connections of clients, over all listeners
 * @param maxConnections their bound
 * @param buffered bytes that wait, nearly all for clients and servers that take them slowly
 * @param maxBuffered their bound: at a quarter of it less is read, at three quarters nobody is let
 *     in
 */
public record BalancerStatus(
        String transport,
        int connections,
        int maxConnections,
        long buffered,
        long maxBuffered,
        List<WorkerStatus> workers,
        List<ListenerStatus> listeners,
        List<PoolStatus> pools,
        List<Journal.State> accessLogs) {
    public BalancerStatus {
        workers = List.copyOf(workers);
        listeners = List.copyOf(listeners);
        pools = List.copyOf(pools);
        accessLogs = List.copyOf(accessLogs);
    }

    /**
     * One event loop.
     *
     * @param sinceTick how long ago it showed life; long means that it hangs, or that the machine
     *     is starved
     * @param thread the number its thread has in the kernel, once known
     */
    public record WorkerStatus(int index, Duration sinceTick, OptionalInt thread) {}

    /**
     * One listener.
     *
     * @param protocol {@code http}, {@code tcp}, {@code udp} or {@code postgres}
     * @param bound where it accepts connections
     * @param secure whether clients speak TLS with it
     * @param paused since when nobody new is let in
     * @param mirrored what became of copies of its requests
     */
    public record ListenerStatus(
            String name,
            String protocol,
            List<Location> bound,
            boolean secure,
            Optional<Instant> paused,
            int connections,
            int maxConnections,
            Totals totals,
            Totals mirrored) {
        public ListenerStatus {
            bound = List.copyOf(bound);
        }
    }

    /**
     * One pool.
     *
     * @param balance as the configuration spells it
     * @param waiting exchanges and sessions that wait until a server takes them
     * @param paused since when nothing new begins on its servers
     * @param servedBy the fallback that serves its clients now
     * @param troubles what is wrong with it as a whole, a sentence each
     */
    public record PoolStatus(
            String name,
            String balance,
            int serversUp,
            int waiting,
            Optional<Instant> paused,
            Optional<String> servedBy,
            List<String> troubles,
            List<ServerStatus> servers) {
        public PoolStatus {
            troubles = List.copyOf(troubles);
            servers = List.copyOf(servers);
        }
    }

    /**
     * One server of a pool.
     *
     * @param address as configured
     * @param whereabouts where it is, as far as is known
     * @param weight as configured or ordered
     * @param granted the percentage of it that its agent wants; 100 without one
     * @param orders of operators, which go before the configuration
     * @param ejected why live traffic passes it by for a while, if so
     * @param standing what a database said of itself
     * @param active exchanges and sessions in flight
     * @param most of them at one time; empty is without a bound
     */
    public record ServerStatus(
            String name,
            ServerAddress address,
            Whereabouts whereabouts,
            int weight,
            int granted,
            Server.Orders orders,
            Optional<Ejection> ejected,
            ServerHealth health,
            Optional<Standing> standing,
            int active,
            OptionalInt most,
            Totals totals) {}
}
