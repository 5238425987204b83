package buoy.lb;

import buoy.lb.pool.Pool;
import buoy.lb.pool.Server;
import java.time.Duration;

/** A pool that was told to pause, for whoever sees to what is still under way. Any thread. */
public final class Pause {
    private final RunningPools pools;
    private final Pool pool;

    Pause(RunningPools pools, Pool pool) {
        this.pools = pools;
        this.pool = pool;
    }

    /** Whether nobody has resumed it. */
    public boolean lasts() {
        return pool.paused().isPresent();
    }

    /** Exchanges and sessions that are still with its servers. */
    public int underWay() {
        return pool.servers().stream().mapToInt(Server::active).sum();
    }

    /** Those that wait. */
    public int waiting() {
        return pool.waiting();
    }

    /** How long what is under way may take, as configured now. */
    public Duration patience() {
        return pool.config().drain();
    }

    /** Ends what is under way. */
    public void cut() {
        pools.cut(pool);
    }
}
