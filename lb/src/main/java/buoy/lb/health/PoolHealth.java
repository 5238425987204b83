package buoy.lb.health;

import buoy.config.model.Health;
import buoy.config.model.Health.Probe;
import buoy.config.model.Health.Role;
import buoy.lb.pool.Pool;
import buoy.lb.pool.Server;
import buoy.lb.pool.ServerHealth;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Checks the servers of one pool: a virtual thread for each, so that checks of one server never
 * overlap and a slow one delays no other. Changes are published in the pool, then told.
 */
public final class PoolHealth {
    /** Told of every change of a server's state, one at a time for each pool. Must not block. */
    public interface Changes {
        void changed(Pool pool, Server server, ServerHealth before, ServerHealth now);
    }

    private final Pool pool;
    private final Changes changes;
    private final Map<Server, Checking> checking = new HashMap<>();
    private Optional<Health> health = Optional.empty();

    /** One server being checked; replaced, and with it the thread, when the checks change. */
    private static final class Checking {
        final Health health;
        Verdict verdict;
        Thread thread = Thread.currentThread();

        Checking(Health health, Verdict verdict) {
            this.health = health;
            this.verdict = verdict;
        }
    }

    public PoolHealth(Pool pool, Changes changes) {
        this.pool = pool;
        this.changes = changes;
    }

    /**
     * Checks the pool's servers as configured now: starts on new ones at once, stops on those that
     * left, and goes on from what is known of the rest.
     */
    public synchronized void refresh() {
        Optional<Health> configured = pool.config().health();
        List<Server> servers = pool.servers();
        boolean same = configured.equals(health);
        health = configured;
        checking.entrySet()
                .removeIf(
                        entry -> {
                            boolean over = !same || !servers.contains(entry.getKey());
                            if (over) {
                                entry.getValue().thread.interrupt();
                            }
                            return over;
                        });
        configured.ifPresent(now -> servers.forEach(server -> check(server, now)));
    }

    /** Stops every check. */
    public synchronized void stop() {
        checking.values().forEach(each -> each.thread.interrupt());
        checking.clear();
    }

    private void check(Server server, Health now) {
        if (checking.containsKey(server)) {
            return;
        }
        Checking each = new Checking(now, Verdict.of(server.health().state()));
        checking.put(server, each);
        each.thread =
                Thread.ofVirtual()
                        .name("health " + server)
                        .start(() -> checkUntilInterrupted(server, each));
    }

    private void checkUntilInterrupted(Server server, Checking each) {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                long started = System.nanoTime();
                Outcome outcome =
                        Prober.ask(each.health.probe(), server.endpoint(), each.health.timeout());
                Duration interval = outcome(server, each, outcome);
                // A little early at random, never late: servers are not all asked at one instant,
                // and
                // the interval stays the promise it is.
                long nanos = interval.toNanos();
                nanos -= ThreadLocalRandom.current().nextLong(nanos / 16 + 1);
                Thread.sleep(Duration.ofNanos(Math.max(0, nanos - (System.nanoTime() - started))));
            }
        } catch (InterruptedException _) {
            // Told to stop: the thread ends.
        }
    }

    /** Takes one outcome in; answers how long until the next is wanted. */
    private synchronized Duration outcome(Server server, Checking each, Outcome outcome) {
        if (checking.get(server) != each) {
            // Late, from a check that was stopped meanwhile.
            return each.health.every();
        }
        settle(
                server,
                each,
                each.verdict.after(outcome, each.health.rise(), each.health.fall()),
                outcome.why());
        if (isExclusive(each.health.probe())) {
            oneLeader();
        }
        return each.verdict.isUndecided() ? each.health.fast() : each.health.every();
    }

    /**
     * A cluster has one leader. Once a server says clearly that it is, one that is silent and would
     * count as up until {@code fall} cannot be it any more.
     */
    private void oneLeader() {
        Optional<Server> leader = Optional.empty();
        for (Map.Entry<Server, Checking> entry : checking.entrySet()) {
            if (entry.getValue().verdict instanceof Verdict.Up(int failures) && failures == 0) {
                leader = Optional.of(entry.getKey());
            }
        }
        if (leader.isEmpty()) {
            return;
        }
        String why = "silent, and " + leader.get().name() + " leads now";
        checking.forEach(
                (server, each) -> {
                    if (each.verdict instanceof Verdict.Up(int failures) && failures > 0) {
                        settle(server, each, new Verdict.Down(0, true), why);
                    }
                });
    }

    private static boolean isExclusive(Probe probe) {
        return probe instanceof Probe.Patroni patroni
                && (patroni.role() == Role.PRIMARY || patroni.role() == Role.STANDBY_LEADER);
    }

    private void settle(Server server, Checking each, Verdict verdict, String why) {
        each.verdict = verdict;
        ServerHealth before = server.health();
        if (verdict.state() != before.state()) {
            ServerHealth now = new ServerHealth(verdict.state(), Instant.now(), why);
            if (pool.health(server, now)) {
                changes.changed(pool, server, before, now);
            }
        }
    }
}
