package buoy.daemon.status;

import buoy.daemon.acme.OrderStatus;
import buoy.daemon.peer.PeerStatus;
import buoy.daemon.status.Status.CertificateStatus;
import buoy.daemon.status.Status.Phase;
import buoy.lb.BalancerStatus;
import buoy.lb.BalancerStatus.ListenerStatus;
import buoy.lb.BalancerStatus.PoolStatus;
import buoy.lb.BalancerStatus.ServerStatus;
import buoy.lb.journal.Journal;
import buoy.lb.pool.Duty;
import buoy.vrrp.RouterState;
import buoy.vrrp.RouterStatus;
import buoy.vrrp.track.Contribution;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Whether all is well, and if not, why: what somebody woken at night reads first. */
public record Verdict(List<Finding> findings) {
    /** A restart of another host takes less. */
    private static final Duration PEER_NOTICE = Duration.ofSeconds(10);

    /** A certificate is mentioned this long before it ends. */
    private static final Duration CERTIFICATE_NOTICE = Duration.ofDays(14);

    /** Of servers of one pool: a sentence is to be read. */
    private static final int MOST_NAMES = 8;

    public Verdict {
        findings = List.copyOf(findings);
    }

    /** From best to worst. */
    public enum Health {
        GOOD,
        /** Clients are served, but something needs attention. */
        DEGRADED,
        /** Clients of some pool or address are not served by this host. */
        BAD
    }

    /**
     * One thing that is not as it should be.
     *
     * @param subject what it is about, such as {@code pool app}
     * @param text the state and its cause
     */
    public record Finding(Health severity, String subject, String text) {}

    public Health health() {
        return findings.stream()
                .map(Finding::severity)
                .max(Comparator.naturalOrder())
                .orElse(Health.GOOD);
    }

    /** What there is to say about this picture, the worst first. */
    public static Verdict of(Status status) {
        List<Finding> all = new ArrayList<>();
        process(status, all);
        status.routers().forEach(router -> router(router, all));
        status.balancer().listeners().forEach(listener -> listener(listener, all));
        status.balancer().pools().forEach(pool -> pool(pool, all));
        status.certificates().forEach(each -> certificate(status, each, all));
        status.peers().forEach(each -> peer(status, each, all));
        status.orders().forEach(each -> order(each, all));
        status.balancer().accessLogs().forEach(each -> accessLog(each, all));
        all.sort(Comparator.comparing(Finding::severity).reversed());
        return new Verdict(all);
    }

    private static void process(Status status, List<Finding> all) {
        if (status.phase() == Phase.STOPPING) {
            all.add(new Finding(Health.DEGRADED, "process", "is stopping"));
        }
        status.hungWorkers()
                .forEach((_, what) -> all.add(new Finding(Health.BAD, "process", what)));
        BalancerStatus balancer = status.balancer();
        if (balancer.buffered() > balancer.maxBuffered() / 4) {
            all.add(
                    new Finding(
                            Health.DEGRADED,
                            "process",
                            "%d MiB of %d wait in memory for those who take slowly: little is read ahead, from three quarters on no client is let in"
                                    .formatted(
                                            balancer.buffered() >> 20,
                                            balancer.maxBuffered() >> 20)));
        }
        status.configuration()
                .lastReload()
                .filter(Status.Reload::failed)
                .ifPresent(
                        reload ->
                                all.add(
                                        new Finding(
                                                Health.DEGRADED,
                                                "configuration",
                                                "the reload %s ago was %s, what ran before goes on: %s"
                                                        .formatted(
                                                                Words.span(
                                                                        Duration.between(
                                                                                reload.at(),
                                                                                status.at())),
                                                                reload.result(),
                                                                first(reload.lines())))));
        for (String refusal : status.realTime().refusals()) {
            all.add(new Finding(Health.DEGRADED, "process.real-time", refusal));
        }
        if (status.lostLogLines() > 0) {
            all.add(
                    new Finding(
                            Health.DEGRADED,
                            "log",
                            status.lostLogLines() + " lines lost: its reader is too slow"));
        }
    }

    private static void accessLog(Journal.State log, List<Finding> all) {
        log.trouble()
                .ifPresent(
                        why ->
                                all.add(
                                        new Finding(
                                                Health.DEGRADED,
                                                "access log " + log.to(),
                                                "cannot be written, lines are lost: " + why)));
    }

    private static String first(List<String> lines) {
        return switch (lines.size()) {
            case 0 -> "no reason given";
            case 1 -> lines.getFirst();
            default -> lines.getFirst() + " (and " + (lines.size() - 1) + " more)";
        };
    }

    private static void router(RouterStatus router, List<Finding> all) {
        String subject = "router " + router.name();
        if (router.state() == RouterState.FAULT) {
            all.add(new Finding(Health.BAD, subject, "is in fault: " + router.why()));
        }
        for (RouterStatus.Warning warning : router.warnings()) {
            boolean twoHosts = warning.kind().equals(RouterStatus.Warning.DUAL_ACTIVE);
            all.add(
                    new Finding(
                            twoHosts ? Health.BAD : Health.DEGRADED,
                            subject,
                            "%s: %s (seen %s ago)"
                                    .formatted(
                                            warning.kind(),
                                            warning.detail(),
                                            Words.span(warning.ago()))));
        }
        for (String trouble : router.troubles()) {
            all.add(new Finding(Health.BAD, subject, trouble));
        }
        if (!router.contributions().isEmpty()) {
            all.add(
                    new Finding(
                            Health.DEGRADED,
                            subject,
                            "has priority %d instead of %d: %s"
                                    .formatted(
                                            router.effectivePriority(),
                                            router.priority(),
                                            causes(router.contributions()))));
        }
    }

    private static String causes(List<Contribution> contributions) {
        return contributions.stream().map(Contribution::inWords).collect(Collectors.joining(", "));
    }

    private static void listener(ListenerStatus listener, List<Finding> all) {
        if (listener.paused().isPresent()) {
            all.add(
                    new Finding(
                            Health.DEGRADED,
                            "listener " + listener.name(),
                            "is paused, nobody new is let in, %d go on (until `buoy listener resume %s`)"
                                    .formatted(listener.connections(), listener.name())));
        }
    }

    private static void pool(PoolStatus pool, List<Finding> all) {
        String subject = "pool " + pool.name();
        for (String trouble : pool.troubles()) {
            all.add(new Finding(Health.BAD, subject, trouble));
        }
        if (pool.paused().isPresent()) {
            all.add(
                    new Finding(
                            Health.DEGRADED,
                            subject,
                            "is paused, %d wait (until `buoy pool resume %s`)"
                                    .formatted(pool.waiting(), pool.name())));
        }
        int up = pool.serversUp();
        int size = pool.servers().size();
        // That a replica is no primary is as it should be, as long as there is one.
        List<ServerStatus> missing =
                pool.servers().stream()
                        .filter(server -> out(server).isPresent())
                        .filter(server -> up == 0 || !server.health().otherRole())
                        .toList();
        boolean served = up > 0 || pool.servedBy().isPresent();
        if (missing.isEmpty()) {
            if (up > 0) {
                idle(pool, subject).ifPresent(all::add);
            }
            return;
        }
        String down =
                missing.stream()
                        .limit(MOST_NAMES)
                        .map(server -> server.name() + " (" + out(server).orElseThrow() + ")")
                        .collect(Collectors.joining(", "));
        int more = missing.size() - MOST_NAMES;
        if (more > 0) {
            down += " and " + more + " more";
        }
        String instead = pool.servedBy().map(by -> ", pool " + by + " serves instead").orElse("");
        all.add(
                new Finding(
                        served ? Health.DEGRADED : Health.BAD,
                        subject,
                        "%d of %d servers up%s, not: %s".formatted(up, size, instead, down)));
    }

    /** Why a server does not count as up; empty if it does. */
    private static Optional<String> out(ServerStatus server) {
        if (!server.health().isUp()) {
            return Optional.of(server.health().why());
        }
        return server.orders().duty() == Duty.MAINTENANCE
                ? Optional.of("in maintenance by command")
                : server.ejected().map(ejection -> "ejected: " + ejection.why());
    }

    /** Of a pool that is up: whether none of its servers may take new work. */
    private static Optional<Finding> idle(PoolStatus pool, String subject) {
        boolean works =
                pool.servers().stream()
                        .anyMatch(
                                server ->
                                        server.health().isUp()
                                                && server.orders().duty() == Duty.READY
                                                && server.weight() > 0
                                                && server.granted() > 0);
        return works
                ? Optional.empty()
                : Optional.of(
                        new Finding(
                                pool.servedBy().isPresent() ? Health.DEGRADED : Health.BAD,
                                subject,
                                "takes nothing new: every server drains or has weight" + " 0"));
    }

    private static void certificate(
            Status status, CertificateStatus certificate, List<Finding> all) {
        Duration left = Duration.between(status.at(), certificate.notAfter());
        String subject = "certificate " + certificate.name();
        switch (ofCertificate(left)) {
            case BAD ->
                    all.add(
                            new Finding(
                                    Health.BAD,
                                    subject,
                                    "ended " + Words.span(left.negated()) + " ago"));
            case DEGRADED ->
                    all.add(new Finding(Health.DEGRADED, subject, "ends in " + Words.span(left)));
            case GOOD -> {}
        }
    }

    /** What to think of a certificate that has this long to go. */
    public static Health ofCertificate(Duration left) {
        if (left.isNegative()) {
            return Health.BAD;
        }
        return left.compareTo(CERTIFICATE_NOTICE) < 0 ? Health.DEGRADED : Health.GOOD;
    }

    private static void peer(Status status, PeerStatus peer, List<Finding> all) {
        Duration since = Duration.between(peer.since(), status.at());
        if (!peer.connected() && since.compareTo(PEER_NOTICE) >= 0) {
            all.add(
                    new Finding(
                            Health.DEGRADED,
                            "peer " + peer.address(),
                            "away for %s: %s".formatted(Words.span(since), peer.why())));
        }
    }

    private static void order(OrderStatus order, List<Finding> all) {
        String subject = "certificate " + order.name();
        Optional<String> failed = order.lastFailure().map(why -> "the last order failed: " + why);
        if (order.notAfter().isEmpty() && order.state() != OrderStatus.State.ELSEWHERE) {
            all.add(
                    new Finding(
                            Health.BAD, subject, "is not there: " + failed.orElse(order.why())));
        } else {
            failed.ifPresent(why -> all.add(new Finding(Health.DEGRADED, subject, why)));
        }
    }
}
