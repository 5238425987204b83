package buoy.daemon.status;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.daemon.acme.OrderStatus;
import buoy.lb.BalancerStatus;
import buoy.lb.pool.Duty;
import buoy.lb.pool.Ejection;
import buoy.lb.pool.ServerHealth;
import buoy.vrrp.RouterState;
import buoy.vrrp.track.Contribution;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VerdictTest {
    private static final Duration MOVES = Duration.ofMillis(40);
    private static final Instant FAR = Samples.NOW.plus(Duration.ofDays(60));

    @Test
    void aHealthyProcessHasNothingToSay() {
        assertThat(Verdict.of(Samples.good()).findings()).isEmpty();
        assertThat(Verdict.of(Samples.good()).health()).isEqualTo(Verdict.Health.GOOD);
    }

    @Test
    void aServerDownDegradesAndNoneUpIsBad() {
        var one =
                Samples.status(
                        List.of(),
                        List.of(
                                Samples.server("a1", ServerHealth.State.UP),
                                Samples.server("a2", ServerHealth.State.DOWN)),
                        MOVES,
                        FAR,
                        Optional.empty());
        assertThat(Verdict.of(one).health()).isEqualTo(Verdict.Health.DEGRADED);
        assertThat(Verdict.of(one).findings().getFirst().text())
                .isEqualTo("1 of 2 servers up, not: a2 (HTTP 200)");

        var none =
                Samples.status(
                        List.of(),
                        List.of(Samples.server("a1", ServerHealth.State.DOWN)),
                        MOVES,
                        FAR,
                        Optional.empty());
        assertThat(Verdict.of(none).health()).isEqualTo(Verdict.Health.BAD);
    }

    @Test
    void muchThatWaitsForSlowClientsDegrades() {
        assertThat(Verdict.of(Samples.buffering(64 << 20)).findings()).isEmpty();
        assertThat(Verdict.of(Samples.buffering(65 << 20)).findings())
                .singleElement()
                .satisfies(
                        finding -> {
                            assertThat(finding.severity()).isEqualTo(Verdict.Health.DEGRADED);
                            assertThat(finding.text()).startsWith("65 MiB of 256 wait");
                        });
    }

    private static List<Verdict.Finding> findings(BalancerStatus.ServerStatus... servers) {
        return Verdict.of(Samples.status(List.of(), List.of(servers), MOVES, FAR, Optional.empty()))
                .findings();
    }

    @Test
    void whatOperatorsAndLiveTrafficTakeOutIsMissingToo() {
        var well = new ServerHealth(ServerHealth.State.UP, Samples.NOW, "HTTP 200");
        var served = Samples.server("a1", ServerHealth.State.UP);
        var out = Samples.server("a2", well, Duty.MAINTENANCE, Optional.empty());
        var ejected =
                Samples.server(
                        "a3", well, Duty.READY, Optional.of(new Ejection("failed", Samples.NOW)));
        var drains = Samples.server("a4", well, Duty.DRAIN, Optional.empty());
        assertThat(findings(served, out, ejected))
                .containsExactly(
                        new Verdict.Finding(
                                Verdict.Health.DEGRADED,
                                "pool app",
                                "1 of 3 servers up, not: a2 (in maintenance by command), a3"
                                        + " (ejected: failed)"));
        assertThat(findings(out))
                .singleElement()
                .matches(it -> it.severity() == Verdict.Health.BAD);
        assertThat(findings(served, drains)).isEmpty();
        assertThat(findings(drains))
                .containsExactly(
                        new Verdict.Finding(
                                Verdict.Health.BAD,
                                "pool app",
                                "takes nothing new: every server drains or has weight" + " 0"));
    }

    @Test
    void aReplicaAmongThoseForThePrimaryIsAsItShouldBeAndNoPrimaryIsBad() {
        var elsewhere =
                new ServerHealth(
                        ServerHealth.State.DOWN, Samples.NOW, "Patroni: not primary", true);
        var replica = Samples.server("a2", elsewhere);
        var served = Samples.server("a1", ServerHealth.State.UP);
        var well =
                Samples.status(List.of(), List.of(served, replica), MOVES, FAR, Optional.empty());
        assertThat(Verdict.of(well).findings()).isEmpty();

        var none = Samples.status(List.of(), List.of(replica), MOVES, FAR, Optional.empty());
        assertThat(Verdict.of(none).findings())
                .containsExactly(
                        new Verdict.Finding(
                                Verdict.Health.BAD,
                                "pool app",
                                "0 of 1 servers up, not: a2 (Patroni: not primary)"));
    }

    @Test
    void aFaultyRouterIsBadAndALoweredPriorityNamesItsCause() {
        var fault =
                Samples.status(
                        List.of(Samples.router(RouterState.FAULT, 150, List.of(), List.of())),
                        List.of(),
                        MOVES,
                        FAR,
                        Optional.empty());
        assertThat(Verdict.of(fault).health()).isEqualTo(Verdict.Health.BAD);

        var lowered =
                Samples.status(
                        List.of(
                                Samples.router(
                                        RouterState.BACKUP,
                                        90,
                                        List.of(
                                                new Contribution(
                                                        "pool app has 1 server up",
                                                        Contribution.Kind.WEIGHT,
                                                        -60)),
                                        List.of())),
                        List.of(),
                        MOVES,
                        FAR,
                        Optional.empty());
        assertThat(Verdict.of(lowered).findings())
                .containsExactly(
                        new Verdict.Finding(
                                Verdict.Health.DEGRADED,
                                "router web",
                                "has priority 90 instead of 150: pool app has 1 server up (-60)"));
    }

    @Test
    void aStuckWorkerAnEndedCertificateAndARejectedReloadAreAllNamedTheWorstFirst() {
        var status =
                Samples.status(
                        List.of(),
                        List.of(),
                        Duration.ofSeconds(5),
                        Samples.NOW.minus(Duration.ofDays(1)),
                        Optional.of(
                                new Status.Reload(
                                        Samples.NOW.minus(Duration.ofMinutes(3)),
                                        "rejected",
                                        List.of("buoy.yaml:1:1: x: wrong", "another"))));
        assertThat(Verdict.of(status).findings())
                .extracting(finding -> finding.subject() + " " + finding.text())
                .containsExactly(
                        "process worker 0 of 1 hangs, it waits for something",
                        "certificate site ended 1d ago",
                        "configuration the reload 3m ago was rejected, what ran before goes on:"
                                + " buoy.yaml:1:1: x: wrong (and 1 more)");
    }

    @Test
    void anOrderThatFailedIsBadOnlyWhereThereIsNoCertificate() {
        Optional<Instant> there = Optional.of(FAR);
        OrderStatus.State waiting = OrderStatus.State.WAITING;
        assertThat(ofOrder(waiting, there, "")).isEmpty();
        assertThat(ofOrder(waiting, there, "no such name"))
                .containsExactly("DEGRADED certificate site the last order failed: no such name");
        assertThat(ofOrder(waiting, Optional.empty(), "no such name"))
                .containsExactly(
                        "BAD certificate site is not there: the last order failed: no such name");
        assertThat(ofOrder(OrderStatus.State.ELSEWHERE, Optional.empty(), "")).isEmpty();
    }

    private static List<String> ofOrder(
            OrderStatus.State state, Optional<Instant> ends, String failure) {
        return Verdict.of(Samples.with(Samples.order(state, ends, failure))).findings().stream()
                .map(each -> "%s %s %s".formatted(each.severity(), each.subject(), each.text()))
                .toList();
    }

    @Test
    void aPeerThatIsAwayIsMentionedOnceARestartWouldBeOver() {
        assertThat(Verdict.of(Samples.with(Samples.peer(true, Samples.NOW))).findings()).isEmpty();
        assertThat(
                        Verdict.of(Samples.with(Samples.peer(false, Samples.NOW.minusSeconds(9))))
                                .findings())
                .isEmpty();
        assertThat(
                        Verdict.of(Samples.with(Samples.peer(false, Samples.NOW.minusSeconds(10))))
                                .findings())
                .singleElement()
                .isEqualTo(
                        new Verdict.Finding(
                                Verdict.Health.DEGRADED,
                                "peer 198.51.100.2:8405",
                                "away for 10s: Connection refused"));
    }
}
