package buoy.lb.health;

import buoy.config.model.Health;
import buoy.config.model.Location;
import buoy.lb.pool.Server;
import buoy.lb.pool.Whereabouts;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * One server being checked, on a virtual thread of its own; replaced when the checks change. What
 * is known is guarded by the lock of the {@link PoolHealth} it belongs to.
 */
final class Checking {
    /** Told each outcome. */
    interface Told {
        /** Answers how long until the next is wanted. */
        Duration outcome(Server server, Checking from, Outcome outcome);
    }

    /** However much suggests to ask early, a server is not asked more often. */
    private static final Duration SHORTEST = Duration.ofMillis(20);

    private final Server server;
    private final Health health;
    private final Programs programs;
    private final Told told;
    private final Thread thread;

    /** Holds a permit when something suggests to ask before it is time. */
    private final Semaphore soon = new Semaphore(0);

    private Verdict verdict;
    private Optional<Report> report = Optional.empty();
    private boolean silent;
    private long since;
    private long last;

    private Checking(Server server, Health health, Programs programs, Told told) {
        this.programs = programs;
        this.server = server;
        this.health = health;
        this.told = told;
        this.verdict = Verdict.of(server.health().state());
        this.thread = Thread.ofVirtual().name("health " + server).unstarted(this::run);
    }

    static Checking start(Server server, Health health, Programs programs, Told told) {
        Checking checking = new Checking(server, health, programs, told);
        server.suspicion(checking::soon);
        checking.thread.start();
        return checking;
    }

    void stop() {
        thread.interrupt();
    }

    Server server() {
        return server;
    }

    Health health() {
        return health;
    }

    Verdict verdict() {
        return verdict;
    }

    void verdict(Verdict next) {
        verdict = next;
    }

    /** Whether it said nothing of itself when it was asked last. */
    boolean silent() {
        return silent;
    }

    /**
     * Takes an outcome in.
     *
     * @param turn counts the outcomes of the whole pool
     */
    void told(Outcome outcome, long turn) {
        Optional<Report> said =
                outcome instanceof Outcome.Clear clear ? clear.report() : Optional.empty();
        silent = said.isEmpty();
        if (said.isPresent()) {
            if (!said.map(Report::role).equals(report.map(Report::role))) {
                since = turn;
            }
            report = said;
            last = turn;
        }
    }

    /** Whether it ever said something of itself. */
    boolean reports() {
        return report.isPresent();
    }

    /** The server beside others, with what it said of itself last; empty if it never did. */
    Optional<Cluster.Member> member() {
        return report.map(
                said ->
                        new Cluster.Member(
                                server.name(),
                                said,
                                said.isPrimary() && server.health().isUp(),
                                silent,
                                since,
                                last));
    }

    /** Any thread; waits for nothing. */
    private void soon() {
        if (soon.availablePermits() == 0) {
            soon.release();
        }
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                soon.drainPermits();
                Whereabouts where = server.whereabouts();
                if (where.at().isPresent()) {
                    check(where.at().get());
                } else {
                    missed(where.unresolved());
                }
            }
        } catch (InterruptedException _) {
            // Told to stop: the thread ends.
        }
    }

    /** Asks again and again, for as long as the server is there. */
    private void check(Location at) throws InterruptedException {
        Door door =
                new Door(
                        server.configured(),
                        at,
                        server::checkTls,
                        server::sendProxy,
                        server::protocol,
                        () -> Optional.ofNullable(server.from(null)));
        Optional<Location> there = Optional.of(at);
        try (Probing probing = Probing.of(health.probe(), server, door, this::soon, programs)) {
            while (!Thread.currentThread().isInterrupted()) {
                long started = System.nanoTime();
                soon.drainPermits();
                if (!server.whereabouts().at().equals(there)) {
                    return;
                }
                Outcome outcome = probing.ask(health.timeout());
                awaitNext(started, told.outcome(server, this, outcome));
            }
        }
    }

    /** Nobody knows where the server is; while its name is looked up, that says nothing of it. */
    private void missed(Optional<String> why) throws InterruptedException {
        long started = System.nanoTime();
        awaitNext(
                started,
                why.map(reason -> told.outcome(server, this, new Outcome.Failed(reason)))
                        .orElse(health.every()));
    }

    /**
     * A little early at random, never late: servers are not all asked at one instant, and the
     * interval stays the promise it is.
     */
    static long early(long nanos, RandomGenerator random) {
        return nanos - random.nextLong(nanos / 16 + 1);
    }

    private void awaitNext(long started, Duration interval) throws InterruptedException {
        long nanos = early(interval.toNanos(), ThreadLocalRandom.current());
        if (soon.tryAcquire(nanos - (System.nanoTime() - started), TimeUnit.NANOSECONDS)) {
            long rest = SHORTEST.toNanos() - (System.nanoTime() - started);
            Thread.sleep(Duration.ofNanos(Math.max(0, rest)));
        }
    }
}
