package buoy.vrrp;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.VirtualRouter.Track;
import java.net.InetAddress;
import java.time.Duration;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Routers that are active together or not at all, and both families of one router. */
class GroupTest {
    private static final InetAddress VIRTUAL = Routers.VIRTUAL.address();
    private static final InetAddress VIRTUAL6 = InetAddress.ofLiteral("2001:db8:77::100");
    private static final InetAddress FIRST6 = InetAddress.ofLiteral("fe80::1");
    private static final InetAddress SECOND6 = InetAddress.ofLiteral("fe80::2");
    private static final Routers BOTH =
            Routers.web().addresses("198.51.100.100/24", "2001:db8:77::100/64");
    private static final Routers A = Routers.web().named("a", 51).group("edge");
    private static final Routers B =
            Routers.web().named("b", 52).group("edge").addresses("198.51.100.200/24");
    private static final InetAddress VIRTUAL_B = InetAddress.ofLiteral("198.51.100.200");

    private final SimulatedLan lan = new SimulatedLan(0);
    private final SimulatedHost first = lan.host("198.51.100.1");
    private final SimulatedHost second = lan.host("198.51.100.2");

    @BeforeEach
    void linkLocalAddresses() {
        first.addAddress(FIRST6);
        second.addAddress(SECOND6);
    }

    @Test
    void aFaultOfWhatOneTracksIsAFaultOfAll() {
        first.runs(
                A.priority(150).tracking(new Track.InterfaceDown("eth1", OptionalInt.empty())),
                B.priority(150));
        second.runs(A, B);
        first.otherLink("eth1", true);
        run("5s");
        assertThat(lan.holders(VIRTUAL_B)).containsExactly(first);
        first.otherLink("eth1", false);
        run("0.7s");
        assertThat(lan.holders(VIRTUAL)).containsExactly(second);
        assertThat(lan.holders(VIRTUAL_B)).containsExactly(second);
        assertThat(first.state("b")).isEqualTo(RouterState.FAULT);
        first.otherLink("eth1", true);
        run("5s");
        assertThat(lan.holders(VIRTUAL_B)).containsExactly(first);
    }

    // ---- both families ----

    @Test
    void bothFamiliesAreTakenAndGivenAtOnce() {
        first.runs(BOTH.priority(150));
        second.runs(BOTH);
        run("5s");
        assertThat(lan.holders(VIRTUAL)).containsExactly(first);
        assertThat(lan.holders(VIRTUAL6)).containsExactly(first);
        assertThat(second.status("web").peers())
                .extracting(RouterStatus.Peer::address)
                .containsExactlyInAnyOrder(first.address, FIRST6);
        assertThat(first.status("web").sources()).containsExactly(first.address, FIRST6);
        first.calls.clear();
        first.stop();
        run("0.7s");
        assertThat(first.calls)
                .containsExactly(
                        "send 0",
                        "send 0",
                        "release 198.51.100.100",
                        "release 2001:db8:77:0:0:0:0:100");
        assertThat(lan.holders(VIRTUAL)).containsExactly(second);
        assertThat(lan.holders(VIRTUAL6)).containsExactly(second);
    }

    @Test
    void bothAreAdvertisedBeforeAnythingIsClaimedAndClaimedBeforeAnythingIsAnnounced() {
        first.runs(BOTH);
        run("3.7s");
        assertThat(first.calls)
                .endsWith(
                        "send 100",
                        "send 100",
                        "claim 198.51.100.100",
                        "claim 2001:db8:77:0:0:0:0:100",
                        "announce 198.51.100.100",
                        "announce 2001:db8:77:0:0:0:0:100");
    }

    @Test
    void oneFamilyWithoutAnAddressToSpeakFromKeepsTheOtherAway() {
        first.removeAddress(FIRST6);
        first.runs(BOTH);
        run("5s");
        assertThat(first.state("web")).isEqualTo(RouterState.FAULT);
        assertThat(first.status("web").why())
                .isEqualTo("eth0 has no suitable IPv6 address to speak from");
        first.addAddress(FIRST6);
        run("5s");
        assertThat(first.holds(VIRTUAL)).isTrue();
        assertThat(first.holds(VIRTUAL6)).isTrue();
    }

    @Test
    void aFamilyAddedByAReloadChangesNothingForTheOther() {
        first.runs(Routers.web());
        run("5s");
        first.calls.clear();
        first.runs(BOTH);
        first.turn();
        first.turn(); // the channel follows when it is due, which is at once
        assertThat(first.calls)
                .containsExactly(
                        "claim 2001:db8:77:0:0:0:0:100",
                        "announce 2001:db8:77:0:0:0:0:100",
                        "open eth0");
        first.calls.clear();
        run("1s");
        assertThat(first.calls("send")).containsExactly("send 100", "send 100");
        first.calls.clear();
        first.runs(Routers.web());
        first.turn();
        assertThat(first.calls).containsExactly("send 0", "release 2001:db8:77:0:0:0:0:100");
        assertThat(first.events(VrrpEvent.Transition.class)).hasSize(2);
    }

    @Test
    void whereTheAddressesCompareDifferentlyInTheTwoFamiliesATieStillHasOneWinner() {
        first.removeAddress(FIRST6);
        first.addAddress(InetAddress.ofLiteral("fe80::3")); // lower over IPv4, higher over IPv6
        lan.separate(second, 1);
        first.runs(BOTH);
        second.runs(BOTH);
        run("5s");
        assertThat(lan.actives("web")).hasSize(2);
        lan.heal();
        run("1.05s");
        assertThat(lan.actives("web")).containsExactly(second);
        run("20s");
        assertThat(lan.actives("web")).containsExactly(second);
        assertThat(lan.holders(VIRTUAL6)).containsExactly(second);
        assertThat(second.status("web").transitions()).isEqualTo(2);
    }

    // ---- groups ----

    @Test
    void theRoutersOfAGroupMoveTogether() {
        first.runs(A.priority(150), B.priority(150));
        second.runs(A, B);
        run("5s");
        assertThat(lan.holders(VIRTUAL)).containsExactly(first);
        assertThat(lan.holders(VIRTUAL_B)).containsExactly(first);
        first.kill();
        run("4s");
        assertThat(second.state("a")).isEqualTo(RouterState.ACTIVE);
        assertThat(second.state("b")).isEqualTo(RouterState.ACTIVE);
        assertThat(second.events(VrrpEvent.Transition.class))
                .extracting(VrrpEvent.Transition::router)
                .containsExactly("a", "b", "a", "b");
        assertThat(second.status("a").group()).contains("edge");
    }

    @Test
    void whatOneOfThemTracksCountsForAll() {
        first.runs(A.priority(150).tracking(new Track.PoolWeight("app", 1, -60)), B.priority(150));
        second.runs(A, B);
        first.poolHealth("app", 1);
        run("5s");
        first.poolHealth("app", 0);
        run("0.7s");
        assertThat(lan.holders(VIRTUAL)).containsExactly(second);
        assertThat(lan.holders(VIRTUAL_B)).containsExactly(second);
        assertThat(first.status("b").effectivePriority()).isEqualTo(90);
    }

    @Test
    void aPeerThatCannotMoveTogetherIsNotContestedForWhatItHasNot() {
        // The other host has one of the two alone: all or none means none here, and no flapping.
        second.runs(Routers.web().named("a", 51).priority(200));
        first.runs(A, B);
        run("60s");
        assertThat(first.state("a")).isEqualTo(RouterState.BACKUP);
        assertThat(first.status("a").transitions()).isEqualTo(1);
    }

    @Test
    void aRefusalForOneHandsAllOver() {
        first.runs(A.priority(150), B.priority(150));
        second.runs(A, B);
        run("5s");
        first.refused.add("claim 198.51.100.200");
        run("5s");
        assertThat(lan.holders(VIRTUAL)).containsExactly(second);
        assertThat(lan.holders(VIRTUAL_B)).containsExactly(second);
        assertThat(first.state("a")).isEqualTo(RouterState.FAULT);
    }

    @Test
    void aRouterThatComesToAnActiveGroupIsActiveAndOneThatLeavesResignsAlone() {
        first.runs(A);
        run("5s");
        first.calls.clear();
        first.runs(A, B);
        run("0.1s");
        assertThat(first.calls)
                .containsExactly("send 100", "claim 198.51.100.200", "announce 198.51.100.200");
        first.calls.clear();
        first.runs(B);
        run("0.1s");
        assertThat(first.calls).containsExactly("send 0", "release 198.51.100.100");
        assertThat(first.state("b")).isEqualTo(RouterState.ACTIVE);
    }

    @Test
    void groupedAndUngroupedByAReloadAnActiveRouterStaysActive() {
        Routers alone = Routers.web().named("a", 51);
        first.runs(alone);
        run("5s");
        first.calls.clear();
        first.runs(A);
        run("0.1s");
        first.runs(alone);
        run("0.1s");
        assertThat(first.calls("release")).isEmpty();
        assertThat(first.calls("send")).doesNotContain("send 0");
        assertThat(first.state("a")).isEqualTo(RouterState.ACTIVE);
        assertThat(first.status("a").group()).isEmpty();
    }

    private void run(String duration) {
        lan.run(Duration.parse("PT" + duration));
    }
}
