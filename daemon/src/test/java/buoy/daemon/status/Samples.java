package buoy.daemon.status;

import buoy.config.model.Endpoint;
import buoy.config.model.Health.Role;
import buoy.config.model.ServerAddress;
import buoy.daemon.acme.OrderStatus;
import buoy.daemon.peer.PeerStatus;
import buoy.daemon.track.Tracked;
import buoy.lb.BalancerStatus;
import buoy.lb.journal.Journal;
import buoy.lb.pool.Duty;
import buoy.lb.pool.Ejection;
import buoy.lb.pool.Percentiles;
import buoy.lb.pool.Reason;
import buoy.lb.pool.Server;
import buoy.lb.pool.ServerHealth;
import buoy.lb.pool.Standing;
import buoy.lb.pool.Totals;
import buoy.lb.pool.Whereabouts;
import buoy.vrrp.RouterState;
import buoy.vrrp.RouterStatus;
import buoy.vrrp.track.Contribution;
import buoy.vrrp.track.Subject;
import buoy.vrrp.track.Tracking;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Pictures of a process to render: one where all is well, and changes that spoil it. */
public final class Samples {
    public static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    private static final RealTimeStatus IN_FORCE =
            new RealTimeStatus(new RealTimeStatus.InForce(), new RealTimeStatus.InForce());

    private Samples() {}

    public static Status good() {
        return status(
                List.of(router(RouterState.ACTIVE, 150, List.of(), List.of())),
                List.of(server("a1", ServerHealth.State.UP), server("a2", ServerHealth.State.UP)),
                Duration.ofMillis(40),
                NOW.plus(Duration.ofDays(60)),
                Optional.empty());
    }

    /** A worker hangs, a server with an awkward name is down, and a certificate ends soon. */
    public static Status broken() {
        return status(
                List.of(),
                List.of(server("<script>&\"'", ServerHealth.State.DOWN)),
                Duration.ofSeconds(9),
                NOW.plus(Duration.ofDays(3)),
                Optional.empty());
    }

    /** The good one, but for what the kernel does. */
    static Status with(RealTimeStatus realTime) {
        Status good = good();
        return but(
                good.routers(),
                good.balancer(),
                good.certificates(),
                good.orders(),
                good.peers(),
                realTime);
    }

    /** The good one, but for these. */
    private static Status but(
            List<RouterStatus> routers,
            BalancerStatus balancer,
            List<Status.CertificateStatus> certificates,
            List<OrderStatus> orders,
            List<PeerStatus> peers,
            RealTimeStatus realTime) {
        Status good = good();
        return new Status(
                good.version(),
                good.host(),
                good.startedAt(),
                good.at(),
                good.phase(),
                good.configuration(),
                routers,
                balancer,
                good.hungWorkers(),
                good.tracked(),
                certificates,
                orders,
                peers,
                realTime,
                good.lostLogLines());
    }

    private static BalancerStatus balancer(
            long buffered,
            List<BalancerStatus.ListenerStatus> listeners,
            List<BalancerStatus.PoolStatus> pools,
            List<Journal.State> logs) {
        BalancerStatus balancer = good().balancer();
        return new BalancerStatus(
                balancer.transport(),
                balancer.connections(),
                balancer.maxConnections(),
                buffered,
                balancer.maxBuffered(),
                balancer.workers(),
                listeners,
                pools,
                logs);
    }

    /** All is well but for an access log. */
    static Status logging(Journal.State log) {
        return good(good().balancer().buffered(), List.of(log));
    }

    /** All is well but for slow clients. */
    static Status buffering(long bytes) {
        return good(bytes, good().balancer().accessLogs());
    }

    private static Status good(long buffered, List<Journal.State> logs) {
        Status good = good();
        return but(
                good.routers(),
                balancer(buffered, good.balancer().listeners(), good.balancer().pools(), logs),
                good.certificates(),
                good.orders(),
                good.peers(),
                good.realTime());
    }

    public static Status status(
            List<RouterStatus> routers,
            List<BalancerStatus.ServerStatus> servers,
            Duration tickAge,
            Instant certificateEnds,
            Optional<Status.Reload> reload) {
        int up =
                (int)
                        servers.stream()
                                .filter(each -> each.health().isUp())
                                .filter(each -> each.orders().duty() != Duty.MAINTENANCE)
                                .filter(each -> each.ejected().isEmpty())
                                .count();
        return new Status(
                "0.1.0",
                "lb1",
                NOW.minus(Duration.ofHours(3)),
                NOW,
                Status.Phase.RUNNING,
                new Status.Configuration(
                        "/etc/buoy/buoy.yaml",
                        "0123456789ab",
                        NOW.minus(Duration.ofHours(2)),
                        List.of(),
                        reload,
                        new Status.ReloadCounts(3, 2, 1)),
                routers,
                new BalancerStatus(
                        "epoll",
                        7,
                        9900,
                        81_920,
                        268_435_456,
                        List.of(new BalancerStatus.WorkerStatus(0, tickAge, OptionalInt.of(4711))),
                        List.of(
                                new BalancerStatus.ListenerStatus(
                                        "https",
                                        "http",
                                        List.of(endpoint("198.51.100.100", 443)),
                                        true,
                                        Optional.empty(),
                                        7,
                                        9900,
                                        totals(),
                                        totals())),
                        List.of(
                                new BalancerStatus.PoolStatus(
                                        "app",
                                        "least-connections",
                                        up,
                                        12,
                                        Optional.empty(),
                                        Optional.empty(),
                                        List.of(),
                                        servers)),
                        List.of(
                                new Journal.State(
                                        "/var/log/buoy/access.log", 12, 3, Optional.empty()))),
                tickAge.compareTo(Duration.ofSeconds(2)) > 0
                        ? Map.of(0, "worker 0 of 1 hangs, it waits for something")
                        : Map.of(),
                List.of(
                        new Tracked(
                                "script /usr/local/bin/check",
                                Tracked.State.GOOD,
                                "exit 0",
                                Optional.of(NOW.minus(Duration.ofMinutes(2))),
                                "every 2000 ms as nobody")),
                List.of(
                        new Status.CertificateStatus(
                                "site", List.of("app.example.com"), certificateEnds)),
                List.of(order(OrderStatus.State.VALID, Optional.of(certificateEnds), "")),
                List.of(peer(true, NOW.minus(Duration.ofMinutes(2)))),
                IN_FORCE,
                0);
    }

    static PeerStatus peer(boolean connected, Instant since) {
        return new PeerStatus(
                "198.51.100.2:8405",
                Optional.of("lb2"),
                connected,
                since,
                connected ? "" : "Connection refused",
                4,
                Optional.of(NOW));
    }

    /**
     * @param failure empty for none
     */
    static OrderStatus order(OrderStatus.State state, Optional<Instant> ends, String failure) {
        return new OrderStatus(
                "site",
                "https://acme.example/dir",
                List.of("app.example.com"),
                state,
                "renewal",
                Optional.of(NOW.plus(Duration.ofDays(30))),
                ends,
                1,
                failure.isEmpty() ? 0 : 1,
                Optional.of(failure).filter(words -> !words.isEmpty()));
    }

    /** The good one, but for what is ordered. */
    static Status with(OrderStatus order) {
        return with(List.of(order), good().peers());
    }

    /** The good one, but for another host. */
    static Status with(PeerStatus peer) {
        return with(good().orders(), List.of(peer));
    }

    private static Status with(List<OrderStatus> orders, List<PeerStatus> peers) {
        Status good = good();
        return but(
                good.routers(),
                good.balancer(),
                good.certificates(),
                orders,
                peers,
                good.realTime());
    }

    public static RouterStatus router(
            RouterState state,
            int effectivePriority,
            List<Contribution> contributions,
            List<String> troubles) {
        return router(state, effectivePriority, contributions, List.of(), troubles);
    }

    public static RouterStatus router(
            RouterState state,
            int effectivePriority,
            List<Contribution> contributions,
            List<RouterStatus.Warning> warnings,
            List<String> troubles) {
        return router("web", state, effectivePriority, contributions, warnings, troubles);
    }

    public static RouterStatus router(
            String name,
            RouterState state,
            int effectivePriority,
            List<Contribution> contributions,
            List<RouterStatus.Warning> warnings,
            List<String> troubles) {
        boolean held = state == RouterState.ACTIVE;
        return new RouterStatus(
                name,
                Optional.empty(),
                "eth0",
                51,
                3,
                state,
                NOW.minus(Duration.ofMinutes(61)),
                "no active router heard for 0.4s",
                150,
                effectivePriority,
                contributions,
                List.of(
                        new Tracking.Item(
                                new Subject.Pool("app"), true, contributions.stream().findFirst()),
                        new Tracking.Item(new Subject.Interface("eth1"), false, Optional.empty())),
                false,
                Duration.ofMillis(100),
                Duration.ofMillis(200),
                Duration.ofMillis(83),
                Duration.ofMillis(683),
                List.of(address("198.51.100.1")),
                List.of(new RouterStatus.Address(address("198.51.100.100"), 24, held)),
                List.of(new RouterStatus.VirtualLink("buoy.51.eth0", "00:00:5e:00:01:33", true)),
                List.of(
                        new RouterStatus.Route(
                                "route to 203.0.113.0/24 via 198.51.100.254 dev eth0 table 254",
                                true)),
                List.of(
                        new RouterStatus.Peer(
                                address("198.51.100.2"),
                                100,
                                Duration.ofMillis(100),
                                Duration.ofMinutes(61))),
                36000,
                12,
                Map.of("bad-checksum", 2L),
                Map.of("interval-mismatch", 1L),
                List.of(
                        new RouterStatus.Remark(
                                "bad-checksum",
                                address("198.51.100.9"),
                                "checksum 0x0001 is wrong with and without pseudo-header",
                                Duration.ofSeconds(3))),
                5,
                6,
                2,
                Optional.of(Duration.ofMillis(80)),
                warnings,
                troubles);
    }

    public static BalancerStatus.ServerStatus server(String name, ServerHealth.State state) {
        return server(name, new ServerHealth(state, NOW.minus(Duration.ofSeconds(75)), "HTTP 200"));
    }

    public static BalancerStatus.ServerStatus server(String name, ServerHealth health) {
        return server(name, health, Duty.READY, Optional.empty());
    }

    public static BalancerStatus.ServerStatus server(
            String name, ServerHealth health, Duty duty, Optional<Ejection> ejected) {
        return new BalancerStatus.ServerStatus(
                name,
                new ServerAddress.Fixed(endpoint("10.0.1.11", 5000)),
                new Whereabouts(Optional.of(endpoint("10.0.1.11", 5000)), Optional.empty()),
                1,
                Server.WHOLE,
                new Server.Orders(duty, NOW, OptionalInt.empty()),
                ejected,
                health,
                Optional.of(new Standing(Role.REPLICA, OptionalInt.of(3), OptionalLong.of(2048))),
                3,
                OptionalInt.empty(),
                totals());
    }

    /** The same, with a name for an address. */
    static BalancerStatus.ServerStatus named(
            BalancerStatus.ServerStatus server, Whereabouts whereabouts) {
        return new BalancerStatus.ServerStatus(
                server.name(),
                new ServerAddress.Named("app1.internal", 5000),
                whereabouts,
                server.weight(),
                server.granted(),
                server.orders(),
                server.ejected(),
                server.health(),
                server.standing(),
                server.active(),
                server.most(),
                server.totals());
    }

    /** The same, having done something else. */
    public static BalancerStatus.ServerStatus withTotals(
            BalancerStatus.ServerStatus server, Totals totals) {
        return new BalancerStatus.ServerStatus(
                server.name(),
                server.address(),
                server.whereabouts(),
                server.weight(),
                server.granted(),
                server.orders(),
                server.ejected(),
                server.health(),
                server.standing(),
                server.active(),
                server.most(),
                totals);
    }

    /** As many ended as they should, and none failed. */
    public static Totals finished(long count) {
        Totals all = totals();
        return new Totals(
                count,
                all.bytesFromClient(),
                all.bytesToClient(),
                all.retries(),
                all.answers(),
                Map.of(),
                all.latency(),
                all.connects(),
                all.sessions());
    }

    /** The good one, with other pools, routers, listeners and certificates. */
    public static Status with(
            List<RouterStatus> routers,
            List<BalancerStatus.ListenerStatus> listeners,
            List<BalancerStatus.PoolStatus> pools,
            List<Status.CertificateStatus> certificates) {
        Status good = good();
        return but(
                routers,
                balancer(
                        good.balancer().buffered(), listeners, pools, good.balancer().accessLogs()),
                certificates,
                good.orders(),
                good.peers(),
                good.realTime());
    }

    static Totals totals() {
        return new Totals(
                123_456,
                1_000_000,
                9_000_000_000L,
                4,
                List.of(0L, 123_000L, 400L, 50L, 6L),
                Map.of(Reason.SERVER_REFUSED, 4L, Reason.RESPONSE_TIMEOUT, 1L),
                times(Percentiles.BOUNDS),
                times(Percentiles.BOUNDS),
                times(Percentiles.SESSION_BOUNDS));
    }

    /** As whoever asks for nothing in particular gets it. */
    public static String metrics(Status status) {
        return metrics(status, MetricsFormat.PROMETHEUS);
    }

    static String metrics(Status status, MetricsFormat format) {
        return text(Metrics.of(status, format));
    }

    /** As programs get it. */
    public static String json(Status status) {
        return text(StatusJson.of(status));
    }

    private static String text(List<byte[]> parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        parts.forEach(all::writeBytes);
        return all.toString(StandardCharsets.UTF_8);
    }

    private static Percentiles times(List<Duration> bounds) {
        return new Percentiles(
                123_460,
                Duration.ofNanos(420_000),
                Duration.ofMillis(3),
                Duration.ofMillis(18),
                Duration.ofMillis(95),
                Duration.ofMillis(1200),
                Duration.ofMinutes(5),
                Collections.nCopies(bounds.size(), 100_000L));
    }

    static Endpoint endpoint(String host, int port) {
        return new Endpoint(address(host), port);
    }

    static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(literal, e);
        }
    }
}
