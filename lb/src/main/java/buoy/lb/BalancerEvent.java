package buoy.lb;

import buoy.config.model.Location;
import buoy.lb.pool.ServerHealth;
import buoy.lb.pool.ServerHealth.State;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** What an operator wants to read in the log. */
public sealed interface BalancerEvent {
    /** A health check changed its mind. */
    record ServerChanged(String pool, String server, State from, ServerHealth now)
            implements BalancerEvent {}

    /** A server failed live traffic too often and takes none for a while. */
    record ServerEjected(String pool, String server, String why) implements BalancerEvent {}

    /** The time of an ejected server is over: it takes work again. */
    record ServerReadmitted(String pool, String server) implements BalancerEvent {}

    /**
     * The name of servers stands for another address.
     *
     * @param from empty when it was resolved for the first time
     */
    record NameMoved(String name, Optional<InetAddress> from, InetAddress to)
            implements BalancerEvent {}

    /**
     * Look-ups of a servers' name fail from now on.
     *
     * @param kept the address that goes on to be believed
     */
    record NameFailing(String name, String why, Optional<InetAddress> kept)
            implements BalancerEvent {}

    /** Look-ups of a servers' name bring something again: what they brought before. */
    record NameConfirmed(String name) implements BalancerEvent {}

    /**
     * Something is wrong with a pool as a whole, such as two primaries.
     *
     * @param troubles all there is now, a sentence each; empty when it is over
     */
    record PoolTroubled(String pool, List<String> troubles) implements BalancerEvent {
        public PoolTroubled {
            troubles = List.copyOf(troubles);
        }
    }

    /** Every worker accepts connections on this address. */
    record ListenerOpened(String listener, Location address) implements BalancerEvent {}

    /** No worker accepts connections there any more; live ones drain. */
    record ListenerClosed(String listener, Location address) implements BalancerEvent {}

    /** A setting was changed that a reload cannot take over: it holds from the next start. */
    record RestartNeeded(String key) implements BalancerEvent {}

    /** Lines of an access log cannot be written, and are lost until they can be. */
    record AccessLogTroubled(String to, String why) implements BalancerEvent {}

    /** Lines of an access log can be written again. */
    record AccessLogRecovered(String to) implements BalancerEvent {}

    /** Lines of an access log were lost: they could not be written, or came too fast. */
    record AccessLinesLost(String to, long lines) implements BalancerEvent {}
}
