package buoy.vrrp;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.vrrp.RouterStatus.Warning;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is amiss on the network is named, and nothing is named where all is well. */
class WarningsTest {
    private static final InetAddress VIRTUAL = Routers.VIRTUAL.address();
    private static final Routers WEB = Routers.web();

    private final SimulatedLan lan = new SimulatedLan(0);
    private final SimulatedHost first = lan.host("198.51.100.1");
    private final SimulatedHost second = lan.host("198.51.100.2");

    @Test
    void whereAllIsWellNothingIsNamed() {
        first.runs(WEB.priority(150));
        second.runs(WEB);
        run("10s");
        first.stop();
        run("2s");
        first.restart(WEB.priority(150));
        run("10s");
        first.freeze(true);
        run("5s");
        first.freeze(false);
        run("20s");
        assertThat(kinds(first)).isEmpty();
        assertThat(kinds(second)).isEmpty();
    }

    @Test
    void aHostThatHearsNobodyFindsOutByWhatTheNeighboursAreTold() {
        lan.deaf.add(first);
        first.runs(WEB);
        second.runs(WEB.priority(150));
        run("10s");
        assertThat(lan.holders(VIRTUAL)).containsExactly(first, second);
        assertThat(first.status("web").warnings())
                .singleElement()
                .satisfies(
                        warning -> {
                            assertThat(warning.kind()).isEqualTo(Warning.DUAL_ACTIVE);
                            assertThat(warning.detail())
                                    .startsWith(
                                            "the host with MAC address MAC of 198.51.100.2 says that"
                                                    + " it has 198.51.100.100, which this host holds");
                        });
        assertThat(first.events(VrrpEvent.Warned.class))
                .singleElement()
                .matches(event -> event.kind().equals("dual-active-suspected"));
    }

    @Test
    void aHostThatIsNotHeardIsFoundOutByThatItsPeerDoesNotYield() {
        lan.deaf.add(first);
        first.runs(WEB);
        second.runs(WEB.priority(150));
        run("10s");
        assertThat(second.status("web").warnings())
                .singleElement()
                .satisfies(
                        warning -> {
                            assertThat(warning.kind()).isEqualTo(Warning.DUAL_ACTIVE);
                            assertThat(warning.detail())
                                    .startsWith("198.51.100.1 stays active with priority 100");
                        });
        lan.deaf.clear();
        run("62s");
        assertThat(kinds(second)).isEmpty();
    }

    @Test
    void aWarningThatComesBackIsSaidAgain() {
        lan.deaf.add(first);
        first.runs(WEB);
        second.runs(WEB.priority(150));
        run("10s");
        lan.deaf.clear();
        run("70s");
        lan.deaf.add(first);
        run("10s");
        assertThat(second.events(VrrpEvent.Warned.class)).hasSize(2);
    }

    @Test
    void aPeerOfTheOtherVersionIsActiveBesideUs() {
        first.runs(WEB);
        second.runs(WEB.version2().priority(150));
        run("10s");
        assertThat(lan.actives("web")).hasSize(2);
        assertThat(kinds(first)).containsExactlyInAnyOrder("wrong-version", Warning.DUAL_ACTIVE);
        assertThat(kinds(second)).containsExactlyInAnyOrder("wrong-version", Warning.DUAL_ACTIVE);
        assertThat(first.status("web").discarded()).containsKey("wrong-version");
    }

    @Test
    void aPeerWithAnotherPasswordIsActiveBesideUsAndNoPasswordIsTold() {
        first.runs(WEB.version2().password("s3cret"));
        second.runs(WEB.version2().password("s3cret2"));
        run("10s");
        assertThat(kinds(first)).containsExactlyInAnyOrder("auth-mismatch", Warning.DUAL_ACTIVE);
        assertThat(first.status("web").toString() + first.events).doesNotContain("s3cret");
        second.runs(WEB.version2().password("s3cret"));
        run("10s");
        assertThat(lan.actives("web")).hasSize(1);
    }

    @Test
    void aStrangerToUnicastIsNamed() {
        first.runs(WEB.unicastTo("198.51.100.9"));
        second.runs(WEB.unicastTo("198.51.100.1"));
        run("10s");
        assertThat(kinds(first)).containsExactlyInAnyOrder("unknown-peer", Warning.DUAL_ACTIVE);
    }

    @Test
    void aForeignGroupOnOurVridIsNamed() {
        first.runs(WEB);
        second.runs(WEB.priority(150).addresses("198.51.100.77/24"));
        run("10s");
        assertThat(kinds(first)).containsExactly("foreign-group");
        assertThat(first.status("web").odd()).containsKey("foreign-group");
        assertThat(first.events(VrrpEvent.Warned.class))
                .extracting(VrrpEvent.Warned::detail)
                .containsExactly(
                        "198.51.100.2 uses router-id 51 for 198.51.100.77, none of which is here"
                                + " (choose another router-id)");
    }

    @Test
    void anotherAddressListIsNamed() {
        first.runs(WEB);
        second.runs(WEB.priority(150).addresses("198.51.100.100/24", "198.51.100.101/24"));
        run("10s");
        assertThat(kinds(first)).containsExactly("address-list-mismatch");
    }

    @Test
    void anotherIntervalIsNamedAndFollowed() {
        first.runs(WEB);
        second.runs(WEB.priority(150).every(Duration.ofSeconds(2)));
        run("15s");
        assertThat(kinds(first)).containsExactly("interval-mismatch");
        assertThat(first.status("web").activeInterval()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void twoOwnersAreNamedAndStillAgree() {
        first.runs(WEB.priority(255));
        second.runs(WEB.priority(255));
        run("10s");
        assertThat(lan.actives("web")).containsExactly(second);
        assertThat(kinds(first)).contains("second-owner");
        assertThat(first.events(VrrpEvent.SecondOwner.class)).hasSize(1);
    }

    @Test
    void carpIsCountedNamedAndTouchesNoTimer() {
        first.runs(WEB);
        run("4s");
        Duration before = first.status("web").untilNext().orElseThrow();
        byte[] carp =
                HexFormat.of()
                        .parseHex(
                                "2133000700012800000102030405060708090a0b0c0d0e0f10111213"
                                        + "1415161718191a1b");
        lan.deliver(
                first,
                new Datagram(
                        carp,
                        InetAddress.ofLiteral("198.51.100.9"),
                        InetAddress.ofLiteral("224.0.0.18"),
                        255));
        first.calls.clear();
        run("0.001s");
        assertThat(first.calls).isEmpty();
        assertThat(first.status("web").untilNext()).contains(before.minus(Duration.ofMillis(1)));
        assertThat(first.status("web").discarded()).containsEntry("carp", 1L);
        assertThat(kinds(first)).containsExactly("carp");
    }

    @Test
    void aPeerHeardOverOneFamilyAloneIsNamed() {
        Routers both = WEB.addresses("198.51.100.100/24", "2001:db8:77::100/64");
        first.addAddress(InetAddress.ofLiteral("fe80::1"));
        first.runs(both);
        second.runs(WEB.priority(150));
        run("60s");
        assertThat(first.state("web")).isEqualTo(RouterState.BACKUP);
        assertThat(first.status("web").warnings())
                .filteredOn(warning -> warning.kind().equals(Warning.HALF_HEARD))
                .extracting(Warning::detail)
                .containsExactly(
                        "198.51.100.2 is heard for web over IPv4, and nobody for web over IPv6 (is"
                                + " it filtered, or configured otherwise there?)");
    }

    private static List<String> kinds(SimulatedHost host) {
        return host.status("web").warnings().stream().map(Warning::kind).toList();
    }

    private void run(String duration) {
        lan.run(Duration.parse("PT" + duration));
    }
}
