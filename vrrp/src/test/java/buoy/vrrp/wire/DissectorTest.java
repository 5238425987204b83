package buoy.vrrp.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import buoy.vrrp.wire.Dissected.Checksum;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** The payloads are those that keepalived 2.2.7 sent, and changes of them by hand. */
class DissectorTest {
    private static final InetAddress SOURCE = InetAddress.ofLiteral("198.51.100.1");
    private static final InetAddress GROUP = InetAddress.ofLiteral("224.0.0.18");
    private static final InetAddress FLOATED = InetAddress.ofLiteral("198.51.100.100");

    private static Dissected dissect(String payload) {
        return Dissector.dissect(HexFormat.of().parseHex(payload), SOURCE, GROUP);
    }

    private static Dissected.Advertisement advertisement(String payload) {
        return (Dissected.Advertisement) dissect(payload);
    }

    @Test
    void version3WithPseudoHeader() {
        assertThat(dissect("313396010064030bc6336464"))
                .isEqualTo(
                        new Dissected.Advertisement(
                                3,
                                51,
                                150,
                                Duration.ofSeconds(1),
                                List.of(FLOATED),
                                0,
                                Checksum.OK_PSEUDO_HEADER,
                                Optional.empty()));
    }

    @Test
    void version3AsRfc9568HasIt() {
        assertThat(advertisement("3133960100640dcfc6336464").checksum())
                .isEqualTo(Checksum.OK_RFC9568);
    }

    @Test
    void aWrongChecksumLosesNoField() {
        assertThat(dissect("313396010064030cc6336464"))
                .isEqualTo(
                        new Dissected.Advertisement(
                                3,
                                51,
                                150,
                                Duration.ofSeconds(1),
                                List.of(FLOATED),
                                0,
                                Checksum.BAD,
                                Optional.of(new Decoded.BadChecksum(0x030c))));
    }

    @Test
    void whatIsCutOffIsShownAsFarAsItGoes() {
        Dissected.Advertisement cut = advertisement("3134fe03000a34b6c6336465c633");
        assertThat(cut.addresses()).containsExactly(InetAddress.ofLiteral("198.51.100.101"));
        assertThat(cut.checksum()).isEqualTo(Checksum.UNKNOWN);
        assertThat(cut.flaw()).contains(new Decoded.TooShort(14, 20));
    }

    @Test
    void version2HasNoPseudoHeader() {
        Dissected.Advertisement two =
                advertisement("213596020001f38fc6336467c63364680000000000000000");
        assertThat(two.version()).isEqualTo(2);
        assertThat(two.interval()).isEqualTo(Duration.ofSeconds(1));
        assertThat(two.addresses()).hasSize(2);
        assertThat(two.checksum()).isEqualTo(Checksum.OK);
        assertThat(two.flaw()).isEmpty();
    }

    @Test
    void aPasswordIsSeenButNotShown() {
        // "secret" is 736563726574; the type is 1.
        Dissected.Advertisement two =
                advertisement("213496010101e0e3c6336465" + "7365637265740000");
        assertThat(two.authentication()).isEqualTo(1);
        assertThat(two.flaw()).isEmpty();
        assertThat(two.toString()).doesNotContain("secret", "736563");
    }

    @Test
    void carpIsNoVersion2() {
        // VHID 5, skew 128, base 1 s; a counter and a digest of zeros.
        assertThat(dissect("2105800700015ef2" + "00".repeat(28)))
                .isEqualTo(new Dissected.Carp(5, 128, 0, Duration.ofMillis(1500), Checksum.OK));
    }

    @Test
    void whatIsNeitherIsNamed() {
        assertThat(dissect("31"))
                .isEqualTo(new Dissected.Unreadable("too-short", "1 bytes where 8 are needed"));
        assertThat(dissect("4133960100640dcf"))
                .isEqualTo(
                        new Dissected.Unreadable(
                                "wrong-version", "version 4, which is none of VRRP"));
        assertThat(dissect("3233960100640dcf"))
                .isEqualTo(new Dissected.Unreadable("wrong-type", "type 2, not an advertisement"));
    }

    @Property
    void nothingMakesItThrow(@ForAll byte[] payload, @ForAll boolean ipv6) {
        InetAddress source = ipv6 ? InetAddress.ofLiteral("fe80::1") : SOURCE;
        assertThatCode(() -> Dissector.dissect(payload, source, WireFormat.group(ipv6)))
                .doesNotThrowAnyException();
    }
}
