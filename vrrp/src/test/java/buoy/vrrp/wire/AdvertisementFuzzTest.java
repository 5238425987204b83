package buoy.vrrp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.vrrp.core.Version;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.net.InetAddress;
import java.util.Optional;

/** Whatever the payload, it is an advertisement that can be said again, or garbage with a name. */
class AdvertisementFuzzTest {
    private static final int TTL = 255;

    @FuzzTest
    void version2(byte[] payload) {
        isJudged(Version.V2, payload, "198.51.100.1", "224.0.0.18");
    }

    @FuzzTest
    void version3OverIpv4(byte[] payload) {
        isJudged(Version.V3, payload, "198.51.100.1", "224.0.0.18");
    }

    @FuzzTest
    void version3OverIpv6(byte[] payload) {
        isJudged(Version.V3, payload, "fe80::1", "ff02::12");
    }

    private static void isJudged(Version version, byte[] payload, String from, String to) {
        InetAddress source = InetAddress.ofLiteral(from);
        InetAddress destination = InetAddress.ofLiteral(to);
        int routerId = WireFormat.routerIdOf(payload);
        WireFormat format = new WireFormat(version, routerId, TTL, true, Optional.empty());
        Decoded decoded = format.decode(payload, source, destination, TTL);
        Dissected seen = Dissector.dissect(payload, source, destination);
        switch (decoded) {
            case Decoded.Ok(var advert) -> {
                assertThat(seen)
                        .isInstanceOfSatisfying(
                                Dissected.Advertisement.class,
                                same -> {
                                    assertThat(same.priority())
                                            .isEqualTo(advert.priority().value());
                                    assertThat(same.flaw()).isEmpty();
                                });
                byte[] again = format.encode(advert, source, destination);
                assertThat(format.decode(again, source, destination, TTL)).isEqualTo(decoded);
            }
            case Decoded.Garbage garbage -> {
                assertThat(garbage.kind()).isNotBlank();
                assertThat(garbage.detail()).isNotBlank();
            }
        }
    }
}
