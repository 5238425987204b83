package buoy.lb;

import buoy.config.model.Endpoint;
import buoy.lb.pool.ServerHealth.State;

/** What an operator wants to read in the log. */
public sealed interface BalancerEvent {
    /** A health check changed its mind. {@code why} is what the server answered, or did not. */
    record ServerChanged(String pool, String server, State from, State to, String why)
            implements BalancerEvent {}

    /** Every worker accepts connections on this address. */
    record ListenerOpened(String listener, Endpoint address) implements BalancerEvent {}

    /** No worker accepts connections there any more; live ones drain. */
    record ListenerClosed(String listener, Endpoint address) implements BalancerEvent {}

    /** A setting was changed that a reload cannot take over: it holds from the next start. */
    record RestartNeeded(String key) implements BalancerEvent {}
}
