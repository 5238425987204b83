package buoy.lb.health;

import buoy.config.model.Health;
import buoy.config.model.Health.Probe;
import buoy.config.model.Health.Role;
import buoy.lb.health.Outcome.Fit;
import buoy.lb.pool.Pool;
import buoy.lb.pool.Server;
import buoy.lb.pool.ServerHealth;
import buoy.lb.pool.ServerHealth.State;
import buoy.lb.pool.Standing;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Checks the servers of one pool: a virtual thread for each, so that checks of one server never
 * overlap and a slow one delays no other. Changes are published in the pool, then told.
 */
public final class PoolHealth {
    /** After which one that is about to be what the pool wants is asked again, at most. */
    private static final Duration MOMENT = Duration.ofMillis(100);

    /** Told of every change, one at a time for each pool. Must not block. */
    public interface Changes {
        void changed(Pool pool, Server server, ServerHealth before, ServerHealth now);

        /**
         * A server's agent wants another part of its weight for it.
         *
         * @param again it had none before
         */
        void granted(Pool pool, boolean again);

        /** What is wrong with the pool as a whole; empty when it is over. */
        void troubled(Pool pool, List<String> troubles);
    }

    private final Pool pool;
    private final Programs programs;
    private final Changes changes;
    private final Map<Server, Checking> checking = new HashMap<>();

    /**
     * Those that said something of themselves, in the order of the pool: what an outcome costs goes
     * with them, and not with how many servers there are.
     */
    private List<Checking> reporting = List.of();

    private Optional<Health> health = Optional.empty();
    private long turn;

    /**
     * @param programs runs those that check servers
     */
    public PoolHealth(Pool pool, Programs programs, Changes changes) {
        this.pool = pool;
        this.programs = programs;
        this.changes = changes;
    }

    /**
     * Checks the pool's servers as configured now: starts on new ones at once, stops on those that
     * left, and goes on from what is known of the rest.
     */
    public synchronized void refresh() {
        Optional<Health> configured = pool.config().health();
        // A set: a pool may have ten thousand servers.
        Set<Server> servers = new LinkedHashSet<>(pool.servers());
        boolean same = configured.equals(health);
        health = configured;
        checking.entrySet()
                .removeIf(
                        entry -> {
                            boolean over = !same || !servers.contains(entry.getKey());
                            if (over) {
                                entry.getValue().stop();
                            }
                            return over;
                        });
        configured.ifPresent(now -> servers.forEach(server -> check(server, now)));
        listReporting();
        tellTroubles();
    }

    /** Stops every check. */
    public synchronized void stop() {
        checking.values().forEach(Checking::stop);
        checking.clear();
        reporting = List.of();
    }

    private void check(Server server, Health now) {
        if (!checking.containsKey(server)) {
            checking.put(server, Checking.start(server, now, programs, this::outcome));
        }
    }

    /** Takes one outcome in; answers how long until the next is wanted. */
    private synchronized Duration outcome(Server server, Checking each, Outcome outcome) {
        Health now = each.health();
        if (checking.get(server) != each) {
            // Late, from a check that was stopped meanwhile.
            return now.every();
        }
        boolean first = !each.reports();
        each.told(outcome, turn++);
        if (first && each.reports()) {
            listReporting();
        }
        int before = server.granted();
        if (outcome instanceof Outcome.Granted(int percent, _) && pool.grant(server, percent)) {
            changes.granted(pool, before == 0);
        }
        Outcome believed = believed(server, each, outcome);
        settle(server, each, each.verdict().after(believed, now.rise(), now.fall()), believed);
        disbelieveOthers();
        if (isExclusive(now.probe())) {
            oneLeader();
        }
        tellTroubles();
        if (outcome instanceof Outcome.Clear clear && clear.fit() == Fit.NOT_YET) {
            return now.fast().compareTo(MOMENT) < 0 ? now.fast() : MOMENT;
        }
        return each.verdict().isUndecided() ? now.fast() : now.every();
    }

    // ---- servers beside each other ----

    private void listReporting() {
        reporting =
                pool.servers().stream()
                        .flatMap(server -> Optional.ofNullable(checking.get(server)).stream())
                        .filter(Checking::reports)
                        .toList();
    }

    private Cluster cluster() {
        return new Cluster(reporting.stream().flatMap(each -> each.member().stream()).toList());
    }

    /** What the outcome is worth beside what the other servers said. */
    private Outcome believed(Server server, Checking each, Outcome outcome) {
        if (!(outcome instanceof Outcome.Clear(Fit fit, _, Optional<Report> said))
                || said.isEmpty()) {
            return outcome;
        }
        Cluster cluster = cluster();
        Report report = said.get();
        OptionalLong lag = report.lag(cluster.newestPosition());
        server.standing(Optional.of(new Standing(report.role(), report.knownTimeline(), lag)));
        if (fit != Fit.YES) {
            return outcome;
        }
        Optional<String> disbelief = cluster.disbelief(server.name());
        if (disbelief.isPresent()) {
            return new Outcome.Clear(Fit.NO, disbelief.get(), said);
        }
        OptionalLong most = mostLag(each.health().probe());
        if (most.isPresent() && lag.isPresent() && lag.getAsLong() > most.getAsLong()) {
            return new Outcome.Clear(Fit.NO, "lags %d bytes".formatted(lag.getAsLong()), said);
        }
        return outcome;
    }

    /** Patroni measures for itself. */
    private static OptionalLong mostLag(Probe probe) {
        return probe instanceof Probe.Postgres postgres ? postgres.maxLag() : OptionalLong.empty();
    }

    /** The news of one server may be that another is a former primary. */
    private void disbelieveOthers() {
        Cluster cluster = cluster();
        for (Checking each : reporting) {
            if (each.verdict() instanceof Verdict.Up) {
                cluster.disbelief(each.server().name())
                        .ifPresent(
                                why -> settle(each.server(), each, new Verdict.Down(0, true), why));
            }
        }
    }

    /**
     * A cluster has one leader. Once a server says clearly that it is, one that is silent and would
     * count as up until {@code fall} cannot be it any more.
     */
    private void oneLeader() {
        Optional<Server> leader = Optional.empty();
        for (Map.Entry<Server, Checking> entry : checking.entrySet()) {
            if (entry.getValue().verdict() instanceof Verdict.Up(int failures) && failures == 0) {
                leader = Optional.of(entry.getKey());
            }
        }
        if (leader.isEmpty()) {
            return;
        }
        String why = "silent, and " + leader.get().name() + " leads now";
        checking.forEach(
                (server, each) -> {
                    if (each.verdict() instanceof Verdict.Up(int failures) && failures > 0) {
                        settle(server, each, new Verdict.Down(0, true), why);
                    }
                });
    }

    private static boolean isExclusive(Probe probe) {
        return switch (probe) {
            case Probe.Patroni patroni ->
                    patroni.role() == Role.PRIMARY || patroni.role() == Role.STANDBY_LEADER;
            case Probe.Postgres postgres -> postgres.role() == Role.PRIMARY;
            case Probe.Http _, Probe.Tcp _, Probe.Grpc _, Probe.Agent _, Probe.External _ -> false;
        };
    }

    private void tellTroubles() {
        List<String> troubles = cluster().troubles();
        if (!troubles.equals(pool.troubles())) {
            pool.troubles(troubles);
            changes.troubled(pool, troubles);
        }
    }

    // ---- what follows ----

    private void settle(Server server, Checking each, Verdict verdict, Outcome outcome) {
        boolean elsewhere = outcome instanceof Outcome.Clear clear && clear.fit() == Fit.OTHER_ROLE;
        settle(server, each, verdict, outcome.why(), elsewhere);
    }

    private void settle(Server server, Checking each, Verdict verdict, String why) {
        settle(server, each, verdict, why, false);
    }

    private void settle(
            Server server, Checking each, Verdict verdict, String why, boolean elsewhere) {
        each.verdict(verdict);
        if (each.silent() && verdict.state() == State.DOWN) {
            server.standing(Optional.empty());
        }
        ServerHealth before = server.health();
        if (verdict.state() != before.state() || elsewhere != before.otherRole()) {
            Instant since = verdict.state() == before.state() ? before.since() : Instant.now();
            ServerHealth now = new ServerHealth(verdict.state(), since, why, elsewhere);
            if (pool.health(server, now) && now.state() != before.state()) {
                changes.changed(pool, server, before, now);
            }
        }
    }
}
