package buoy.vrrp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An operator lets a router hand its addresses over; 100 ms between advertisements. */
class ResignationTest {
    private static final InetAddress VIRTUAL = Routers.VIRTUAL.address();
    private static final Duration INTERVAL = Duration.ofMillis(100);
    private static final Routers WEB = Routers.web().every(INTERVAL);

    private final SimulatedLan lan = new SimulatedLan(1);
    private final List<Resignation> told = new ArrayList<>();
    private final SimulatedHost host = lan.host("198.51.100.1").runs(WEB.priority(150));

    private void peerIsThere(SimulatedHost peer, Routers routers) {
        peer.runs(routers);
        lan.run(INTERVAL.multipliedBy(5));
        assertThat(lan.actives("web")).containsExactly(host);
    }

    @Test
    void theAddressStaysUntilThePeerSpeaksAndThenTheRouterWaitsToBeResumed() {
        SimulatedHost peer = lan.host("198.51.100.2");
        peerIsThere(peer, WEB.priority(100));
        host.resign("web", told::add);
        // Skew time of priority 100: 156/256 of the interval, 60.9 ms.
        lan.run(Duration.ofMillis(60));
        assertThat(host.holds(VIRTUAL)).isTrue();
        assertThat(peer.holds(VIRTUAL)).isFalse();
        assertThat(told).isEmpty();
        lan.run(Duration.ofMillis(3));
        assertThat(told).containsExactly(new Resignation.Done());
        assertThat(host.holds(VIRTUAL)).isFalse();
        assertThat(peer.holds(VIRTUAL)).isTrue();
        assertThat(host.status("web"))
                .satisfies(
                        status -> {
                            assertThat(status.state()).isEqualTo(RouterState.BACKUP);
                            assertThat(status.why())
                                    .isEqualTo(
                                            "198.51.100.2 (priority 100) took the addresses that were offered");
                            assertThat(status.effectivePriority()).isEqualTo(1);
                            assertThat(status.contributions())
                                    .singleElement()
                                    .satisfies(
                                            each ->
                                                    assertThat(each.cause())
                                                            .startsWith("resigned"));
                        });

        host.runs(WEB.priority(160));
        lan.run(Duration.ofSeconds(5));
        assertThat(lan.actives("web")).as("a reload does not resume it").containsExactly(peer);

        host.resume("web");
        lan.run(Duration.ofSeconds(1));
        assertThat(lan.actives("web")).containsExactly(host);
        assertThat(host.status("web").effectivePriority()).isEqualTo(160);
    }

    @Test
    void whatNobodyTakesIsKeptAndTheRouterTakesPartAsBefore() {
        lan.run(Duration.ofSeconds(1));
        host.resign("web", told::add);
        lan.run(Duration.ofMillis(190));
        assertThat(told).isEmpty();
        // Skew time of priority 1, and an interval: 199.6 ms.
        lan.run(Duration.ofMillis(11));
        assertThat(told).containsExactly(new Resignation.Declined(List.of("web")));
        assertThat(host.calls("release")).as("at the start alone").hasSize(1);
        assertThat(host.state("web")).isEqualTo(RouterState.ACTIVE);
        assertThat(host.status("web").effectivePriority()).isEqualTo(150);
        assertThat(host.events(VrrpEvent.OfferDeclined.class)).hasSize(1);

        SimulatedHost lesser = lan.host("198.51.100.2");
        peerIsThere(lesser, WEB.priority(100));
    }

    @Test
    void aBackupHasNothingToHandOverAndTakesOverOnlyAsTheLastResort() {
        SimulatedHost peer = lan.host("198.51.100.2");
        peerIsThere(peer, WEB.priority(100));
        peer.resign("web", told::add);
        lan.run(Duration.ofMillis(1));
        assertThat(told).containsExactly(new Resignation.Done());
        host.kill();
        lan.run(Duration.ofMillis(290));
        assertThat(lan.actives("web")).isEmpty();
        // Active_Down_Interval of priority 1: 399.6 ms after the last advertisement.
        lan.run(Duration.ofMillis(210));
        assertThat(lan.actives("web")).containsExactly(peer);
        host.restart(WEB.priority(2));
        lan.run(Duration.ofSeconds(1));
        assertThat(lan.actives("web")).as("anybody is better").containsExactly(host);
    }

    @Test
    void aStopEndsTheWait() {
        lan.run(Duration.ofSeconds(1));
        host.resign("web", told::add);
        lan.run(Duration.ofMillis(1));
        host.stop();
        lan.run(Duration.ofMillis(1));
        assertThat(told).containsExactly(new Resignation.Done());
        assertThat(host.holds(VIRTUAL)).isFalse();
    }
}
