package buoy.lb;

import buoy.config.model.Pool.OnDown;
import buoy.lb.health.PoolHealth;
import buoy.lb.pool.Pool;
import buoy.lb.pool.Reason;
import buoy.lb.pool.Server;
import buoy.lb.pool.ServerHealth;
import buoy.lb.pool.ServerHealth.State;
import buoy.lb.worker.Worker;
import buoy.lb.worker.Workers;
import java.util.List;
import java.util.function.Consumer;

/**
 * What follows from a change of health in one pool: the observer is told, connections to a server
 * that went down are ended where the configuration wants it, and who waits for one looks again.
 */
final class PoolWatch implements PoolHealth.Changes {
    private final Workers workers;
    private final BalancerObserver observer;
    private final Consumer<Worker> wake;
    private boolean told;
    private int toldUp;

    /**
     * @param wake tells who waits on a worker
     */
    PoolWatch(Workers workers, BalancerObserver observer, Consumer<Worker> wake) {
        this.workers = workers;
        this.wake = wake;
        this.observer = observer;
    }

    @Override
    public void changed(Pool pool, Server server, ServerHealth before, ServerHealth now) {
        if (now.state() == State.DOWN && before.state() == State.UP) {
            boolean cut = pool.config().onDown() == OnDown.CLOSE_SESSIONS;
            workers.runOnEach(
                    worker -> {
                        if (cut) {
                            server.roster(worker).cut(Reason.SERVER_DOWN);
                        } else {
                            server.roster(worker).drain();
                        }
                    });
        }
        if (now.isUp()) {
            workers.runOnEach(wake);
        }
        observer.event(
                new BalancerEvent.ServerChanged(pool.name(), server.name(), before.state(), now));
        tell(pool);
    }

    @Override
    public void troubled(Pool pool, List<String> troubles) {
        observer.event(new BalancerEvent.PoolTroubled(pool.name(), troubles));
    }

    /** Tells how many servers are up, if that is known and news. */
    synchronized void tell(Pool pool) {
        if (!told
                && pool.servers().stream()
                        .anyMatch(server -> server.health().state() == State.UNKNOWN)) {
            return;
        }
        int up = pool.up();
        if (!told || up != toldUp) {
            told = true;
            toldUp = up;
            observer.poolChanged(pool.name(), up);
        }
    }
}
