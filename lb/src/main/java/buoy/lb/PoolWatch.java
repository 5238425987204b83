package buoy.lb;

import buoy.config.model.Pool.OnDown;
import buoy.config.model.Pool.Passive;
import buoy.lb.health.PoolHealth;
import buoy.lb.pool.Ejection;
import buoy.lb.pool.Pool;
import buoy.lb.pool.Reason;
import buoy.lb.pool.Server;
import buoy.lb.pool.ServerHealth;
import buoy.lb.pool.ServerHealth.State;
import buoy.lb.pool.SlowStart;
import buoy.lb.worker.Worker;
import buoy.lb.worker.Workers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * What follows from a change of health in one pool, or from too many failures: the observer is
 * told, connections to a server that went down are ended where the configuration wants it, and who
 * waits for one looks again.
 */
final class PoolWatch implements PoolHealth.Changes {
    private static final Duration LONGEST_STEP = Duration.ofSeconds(5);

    /** How long changes are gathered where a pool does so, for each of its servers. */
    private static final Duration GATHERED = Duration.ofNanos(2_000);

    private final Workers workers;
    private final BalancerObserver observer;
    private final Consumer<Worker> wake;
    private final AtomicBoolean ramping = new AtomicBoolean();
    private final AtomicBoolean gathering = new AtomicBoolean();

    /** Went down while picks did not heed it yet. */
    private final Queue<Server> fallen = new ConcurrentLinkedQueue<>();

    private volatile boolean stopped;
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
            letGo(pool, server);
            if (pool.isBehind()) {
                fallen.add(server);
            }
        }
        observer.event(
                new BalancerEvent.ServerChanged(pool.name(), server.name(), before.state(), now));
        soonFollow(pool, now.isUp());
    }

    @Override
    public void granted(Pool pool, boolean again) {
        soonFollow(pool, again);
    }

    /** At once, or when what changes meanwhile is heeded with it. */
    private void soonFollow(Pool pool, boolean someUp) {
        if (!pool.isBehind()) {
            follow(pool, someUp);
        } else if (gathering.compareAndSet(false, true)) {
            Thread.ofVirtual().name("gather " + pool.name()).start(() -> gather(pool));
        }
    }

    private void letGo(Pool pool, Server server) {
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

    /** One step for all servers that change in a while, so that it takes a part of that at most. */
    private void gather(Pool pool) {
        LockSupport.parkNanos(GATHERED.multipliedBy(pool.servers().size()).toNanos());
        gathering.set(false);
        if (!stopped) {
            pool.catchUp();
            for (Server server = fallen.poll(); server != null; server = fallen.poll()) {
                // Some may have been sent there in between.
                if (server.health().state() == State.DOWN) {
                    letGo(pool, server);
                }
            }
            follow(pool, true);
        }
    }

    private void follow(Pool pool, boolean someUp) {
        if (someUp) {
            workers.runOnEach(wake);
            ramp(pool);
        }
        tell(pool);
    }

    @Override
    public void troubled(Pool pool, List<String> troubles) {
        observer.event(new BalancerEvent.PoolTroubled(pool.name(), troubles));
    }

    /** Raises the weights of servers that came back up, step by step, until they are full. */
    void ramp(Pool pool) {
        if (pool.config().slowStart().isPositive()
                && pool.ramp()
                && ramping.compareAndSet(false, true)) {
            Thread.ofVirtual().name("slow-start " + pool.name()).start(() -> climb(pool));
        }
    }

    private void climb(Pool pool) {
        do {
            do {
                Duration step = pool.config().slowStart().dividedBy(SlowStart.STEPS);
                // Not longer: a reload may make it shorter.
                LockSupport.parkNanos(Math.min(step.toNanos(), LONGEST_STEP.toNanos()));
            } while (!stopped && pool.ramp());
            ramping.set(false);
            // One that came up in between has met a ramp that was still running.
        } while (!stopped && pool.ramp() && ramping.compareAndSet(false, true));
    }

    /** A server failed live traffic too often. On a worker, so it is only passed on. */
    void condemned(Pool pool, Server server, Reason last) {
        Thread.ofVirtual()
                .name("eject " + server)
                .start(
                        () ->
                                pool.config()
                                        .passive()
                                        .ifPresent(passive -> eject(pool, server, passive, last)));
    }

    private void eject(Pool pool, Server server, Passive passive, Reason last) {
        String why =
                "%d failures of live traffic within %s, the last %s"
                        .formatted(passive.failures(), text(passive.within()), last);
        Ejection ejection = new Ejection(why, Instant.now());
        if (!pool.eject(server, ejection)) {
            return;
        }
        server.suspect();
        String time = text(passive.eject());
        observer.event(
                new BalancerEvent.ServerEjected(pool.name(), server.name(), why + ", for " + time));
        soonFollow(pool, false);
        try {
            Thread.sleep(passive.eject());
        } catch (InterruptedException _) {
            return; // by nobody
        }
        if (!stopped && pool.readmit(server, ejection)) {
            observer.event(new BalancerEvent.ServerReadmitted(pool.name(), server.name()));
            soonFollow(pool, true);
        }
    }

    /** Nothing happens any more when a time is over. */
    void stop() {
        stopped = true;
    }

    private static String text(Duration time) {
        return time.toMillis() % 1000 == 0 ? time.toSeconds() + "s" : time.toMillis() + "ms";
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
