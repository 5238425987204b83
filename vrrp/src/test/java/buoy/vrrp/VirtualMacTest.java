package buoy.vrrp;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Links with virtual MAC addresses on virtual time: when they are made, up, down and gone. */
class VirtualMacTest {
    private static final InetAddress VIRTUAL = Routers.VIRTUAL.address();
    private static final Routers WEB = Routers.web().virtualMac();
    private static final String LINK = "buoy.51.eth0";

    private final SimulatedLan lan = new SimulatedLan(0);
    private final SimulatedHost first = lan.host("198.51.100.1");

    @Test
    void isMadeAtTheStartUpBeforeTheFirstAdvertisementAndHasTheAddresses() {
        first.runs(WEB);
        run("3s");
        assertThat(first.calls).containsSubsequence("make " + LINK, "speak-through " + LINK);
        assertThat(first.raised).isEmpty();
        assertThat(first.status("web").virtualLinks())
                .containsExactly(new RouterStatus.VirtualLink(LINK, "00:00:5e:00:01:33", false));
        first.calls.clear();
        run("0.7s");
        assertThat(first.status("web").virtualLinks())
                .containsExactly(new RouterStatus.VirtualLink(LINK, "00:00:5e:00:01:33", true));
        assertThat(first.calls)
                .containsSubsequence(
                        "raise " + LINK,
                        "send-through " + LINK,
                        "claim 198.51.100.100",
                        "announce 198.51.100.100");
        assertThat(first.calls("send")).isEmpty();
        assertThat(first.claimedOn).containsEntry(VIRTUAL, link());
    }

    @Test
    void aBackupsIsDown() {
        SimulatedHost second = lan.host("198.51.100.2").runs(WEB.priority(150));
        first.runs(WEB);
        run("5s");
        assertThat(second.raised).hasSize(1);
        assertThat(first.raised).isEmpty();
        assertThat(first.state("web")).isEqualTo(RouterState.BACKUP);
        second.stop();
        run("1s");
        assertThat(second.virtualLinks).isEmpty();
        assertThat(first.raised).hasSize(1);
        assertThat(first.holds(VIRTUAL)).isTrue();
    }

    @Test
    void goesDownAfterTheLastWordAndTheAddresses() {
        first.runs(WEB);
        run("4s");
        first.calls.clear();
        first.stop();
        run("1s");
        assertThat(first.calls)
                .containsSubsequence(
                        "send-through " + LINK,
                        "release 198.51.100.100",
                        "lower " + LINK,
                        "close " + LINK,
                        "unmake " + LINK);
    }

    @Test
    void oneThatCannotBeMadeIsAFaultThatIsTriedAgain() {
        first.refused.add("make");
        first.runs(WEB);
        run("10s");
        assertThat(first.state("web")).isEqualTo(RouterState.FAULT);
        assertThat(first.status("web").why()).contains("make " + LINK);
        first.refused.clear();
        run("60s");
        assertThat(first.state("web")).isEqualTo(RouterState.ACTIVE);
    }

    @Test
    void oneThatCannotBeSpokenThroughIsAFaultToo() {
        first.refused.add("speak-through");
        first.runs(WEB);
        run("10s");
        assertThat(first.state("web")).isEqualTo(RouterState.FAULT);
        assertThat(first.status("web").why()).contains("speak-through " + LINK);
        first.refused.clear();
        run("60s");
        assertThat(first.state("web")).isEqualTo(RouterState.ACTIVE);
    }

    @Test
    void oneThatCannotBeRaisedKeepsTheRouterFromTheAddresses() {
        first.refused.add("raise");
        first.runs(WEB);
        run("5s");
        assertThat(first.holds(VIRTUAL)).isFalse();
        assertThat(first.state("web")).isEqualTo(RouterState.FAULT);
        assertThat(first.events(VrrpEvent.Refused.class))
                .extracting(VrrpEvent.Refused::what)
                .contains("raise the virtual MAC of IPv4");
    }

    @Test
    void oneThatSomebodyRemovesIsMadeAgainAndTheRouterStaysActive() {
        first.runs(WEB);
        run("5s");
        int before = link();
        first.removeVirtualLink(before);
        run("0.1s");
        assertThat(first.state("web")).isEqualTo(RouterState.ACTIVE);
        assertThat(first.status("web").transitions()).isEqualTo(2);
        assertThat(link()).isNotEqualTo(before);
        assertThat(first.raised).containsExactly(link());
        assertThat(first.holds(VIRTUAL)).isTrue();
        assertThat(first.claimedOn).containsEntry(VIRTUAL, link());
    }

    @Test
    void oneThatSomebodySetsDownIsUpAgain() {
        first.runs(WEB);
        run("5s");
        first.setVirtualLinkDown(link());
        run("0.1s");
        assertThat(first.raised).containsExactly(link());
    }

    @Test
    void anAddressThatSomebodyRemovesFromItIsPutBackThere() {
        first.runs(WEB);
        run("5s");
        first.removeAddressFrom(link(), VIRTUAL);
        run("0.1s");
        assertThat(first.holds(VIRTUAL)).isTrue();
        assertThat(first.events(VrrpEvent.AddressRestored.class)).hasSize(1);
    }

    @Test
    void aReloadMovesTheAddressThereAndBackWithoutATransition() {
        first.runs(Routers.web());
        run("5s");
        first.runs(WEB);
        run("0.1s");
        assertThat(first.raised).hasSize(1);
        assertThat(first.claimedOn).containsEntry(VIRTUAL, link());
        first.runs(Routers.web());
        run("0.1s");
        assertThat(first.virtualLinks).isEmpty();
        assertThat(first.claimedOn).containsEntry(VIRTUAL, 2);
        assertThat(first.holds(VIRTUAL)).isTrue();
        assertThat(first.status("web").transitions()).isEqualTo(2);
    }

    @Test
    void aBackupsReloadRaisesNothing() {
        lan.host("198.51.100.2").runs(WEB.priority(150));
        first.runs(Routers.web());
        run("5s");
        first.runs(WEB);
        run("5s");
        assertThat(first.virtualLinks).hasSize(1);
        assertThat(first.raised).isEmpty();
        assertThat(first.holds(VIRTUAL)).isFalse();
    }

    @Test
    void bothFamiliesHaveOneEach() {
        first.addAddress(InetAddress.ofLiteral("fe80::1"));
        InetAddress ipv6 = InetAddress.ofLiteral("2001:db8:77::100");
        first.runs(WEB.addresses("198.51.100.100/24", "2001:db8:77::100/64"));
        run("5s");
        assertThat(first.calls("make"))
                .containsExactlyInAnyOrder("make " + LINK, "make buoy6.51.eth0");
        assertThat(first.raised).hasSize(2);
        assertThat(first.claimedOn.get(VIRTUAL)).isNotEqualTo(first.claimedOn.get(ipv6));
        assertThat(first.calls("send-through")).contains("send-through buoy6.51.eth0");
    }

    @Test
    void unicastGoesByTheInterfaceItself() {
        first.runs(WEB.unicastTo("198.51.100.2"));
        run("5s");
        assertThat(first.calls("send")).isNotEmpty();
        assertThat(first.calls("send-through")).isEmpty();
        assertThat(first.claimedOn).containsEntry(VIRTUAL, link());
    }

    @Test
    void aLinkBelowThatIsGoneTakesItAlong() {
        first.runs(WEB);
        run("5s");
        int before = link();
        first.removeVirtualLink(before);
        first.linkGone();
        run("1s");
        assertThat(first.state("web")).isEqualTo(RouterState.FAULT);
        first.linkAppears(7);
        run("5s");
        assertThat(first.state("web")).isEqualTo(RouterState.ACTIVE);
        assertThat(first.raised).containsExactly(link());
    }

    @Test
    void aBugTakesItAway() {
        first.runs(WEB);
        run("5s");
        first.loop().abandon(new IllegalStateException("a bug"));
        assertThat(first.virtualLinks).isEmpty();
        assertThat(first.holds(VIRTUAL)).isFalse();
    }

    private int link() {
        return List.copyOf(first.virtualLinks.keySet()).getLast();
    }

    private void run(String seconds) {
        lan.run(Duration.parse("PT" + seconds.toUpperCase(Locale.ROOT)));
    }
}
