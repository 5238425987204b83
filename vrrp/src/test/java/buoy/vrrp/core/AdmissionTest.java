package buoy.vrrp.core;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.vrrp.core.Admission.Admitted;
import buoy.vrrp.core.Admission.Oddity;
import buoy.vrrp.core.Admission.Refused;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    private static final InetAddress US = InetAddress.ofLiteral("198.51.100.1");
    private static final InetAddress PEER = InetAddress.ofLiteral("198.51.100.2");
    private static final InetAddress VIRTUAL = InetAddress.ofLiteral("198.51.100.100");
    private static final InetAddress OTHER = InetAddress.ofLiteral("198.51.100.101");
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void whatIsConfiguredAlikeIsAdmittedWithoutRemark() {
        assertThat(judge(Version.V3, 100, advert(100, SECOND, VIRTUAL))).isEqualTo(plain());
        assertThat(judge(Version.V2, 100, advert(100, SECOND, VIRTUAL))).isEqualTo(plain());
    }

    @Test
    void version3AdmitsAnotherAddressListWithARemark() {
        assertThat(judge(Version.V3, 100, advert(150, SECOND, VIRTUAL, OTHER)))
                .isEqualTo(odd(new Oddity.OtherAddresses(List.of(VIRTUAL, OTHER))));
    }

    @Test
    void theOrderOfTheListDoesNotMatter() {
        Admission admission =
                new Admission(rules(Version.V2, 100), US, Set.of(VIRTUAL, OTHER), Set.of());
        assertThat(admission.judge(advert(100, SECOND, OTHER, VIRTUAL), PEER)).isEqualTo(plain());
        assertThat(admission.judge(advert(100, SECOND, VIRTUAL, OTHER), PEER)).isEqualTo(plain());
    }

    @Test
    void version3AdmitsAnotherIntervalWithARemark() {
        assertThat(judge(Version.V3, 100, advert(150, SECOND.multipliedBy(3), VIRTUAL)))
                .isEqualTo(odd(new Oddity.OtherInterval(SECOND.multipliedBy(3))));
    }

    @Test
    void version2RefusesAnotherInterval() {
        assertThat(judge(Version.V2, 100, advert(150, SECOND.multipliedBy(3), VIRTUAL)))
                .isEqualTo(new Refused("interval-mismatch", "advertises every 3s, we every 1s"));
    }

    @Test
    void version2RefusesAnotherAddressListExceptFromTheOwner() {
        assertThat(judge(Version.V2, 100, advert(150, SECOND, VIRTUAL, OTHER)))
                .isEqualTo(
                        new Refused(
                                "address-list-mismatch",
                                "advertises other addresses than ours: [198.51.100.100,"
                                        + " 198.51.100.101]"));
        assertThat(judge(Version.V2, 100, advert(255, SECOND, VIRTUAL, OTHER)))
                .isEqualTo(odd(new Oddity.OtherAddresses(List.of(VIRTUAL, OTHER))));
    }

    @Test
    void aListWithoutOneOfOurAddressesIsThatOfAForeignGroup() {
        assertThat(judge(Version.V3, 100, advert(150, SECOND, OTHER)))
                .isEqualTo(odd(new Oddity.ForeignGroup(List.of(OTHER))));
        assertThat(judge(Version.V2, 100, advert(150, SECOND, OTHER)))
                .isEqualTo(
                        new Refused(
                                "foreign-group",
                                "advertises other addresses than ours: [198.51.100.101]"));
    }

    @Test
    void twoOwnersAreRemarkedOn() {
        assertThat(judge(Version.V3, 255, advert(255, SECOND, VIRTUAL)))
                .isEqualTo(odd(new Oddity.SecondOwner()));
        assertThat(judge(Version.V3, 100, advert(255, SECOND, VIRTUAL))).isEqualTo(plain());
    }

    @Test
    void anIpv6ListThatDoesNotBeginWithALinkLocalAddressIsAdmitted() {
        InetAddress global = InetAddress.ofLiteral("2001:db8:77::100");
        Admission admission = new Admission(rules(Version.V3, 100), US, Set.of(global), Set.of());
        assertThat(admission.judge(advert(100, SECOND, global), PEER))
                .isEqualTo(odd(new Oddity.FirstNotLinkLocal()));
    }

    @Test
    void ourOwnAddressIsNoPeer() {
        Admission admission = new Admission(rules(Version.V3, 100), US, Set.of(VIRTUAL), Set.of());
        assertThat(admission.judge(advert(100, SECOND, VIRTUAL), US))
                .isEqualTo(new Refused("own-address", "sent from our own address 198.51.100.1"));
    }

    @Test
    void inUnicastOnlyConfiguredPeersAreHeard() {
        Admission admission =
                new Admission(rules(Version.V3, 100), US, Set.of(VIRTUAL), Set.of(PEER));
        assertThat(admission.judge(advert(100, SECOND, VIRTUAL), PEER)).isEqualTo(plain());
        assertThat(admission.judge(advert(100, SECOND, VIRTUAL), OTHER))
                .isEqualTo(new Refused("unknown-peer", "198.51.100.101 is not in unicast.peers"));
    }

    private static Admission.Verdict judge(Version version, int priority, Advert advert) {
        return new Admission(rules(version, priority), US, Set.of(VIRTUAL), Set.of())
                .judge(advert, PEER);
    }

    private static Admitted plain() {
        return new Admitted(List.of());
    }

    private static Admitted odd(Oddity oddity) {
        return new Admitted(List.of(oddity));
    }

    private static Rules rules(Version version, int priority) {
        return new Rules(version, new Priority(priority), SECOND, true, Duration.ZERO);
    }

    private static Advert advert(int priority, Duration interval, InetAddress... addresses) {
        return new Advert(7, new Priority(priority), interval, List.of(addresses));
    }
}
