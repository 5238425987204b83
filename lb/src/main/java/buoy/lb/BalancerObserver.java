package buoy.lb;

/**
 * Told what happens in the balancer. Called from control threads and those of access logs, one call
 * at a time for each pool and log; must not block and must not call the balancer.
 */
public interface BalancerObserver {
    /**
     * How many servers of a pool are up: told first when each of them has been checked once (or the
     * pool has no checks), then on every change.
     */
    void poolChanged(String pool, int serversUp);

    void event(BalancerEvent event);
}
