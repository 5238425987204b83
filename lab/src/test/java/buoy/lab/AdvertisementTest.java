package buoy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Frames as keepalived sends them, and what they say. */
class AdvertisementTest {
    private static final Instant NOW = Instant.parse("2026-11-21T04:00:00Z");

    /** Ethernet to the group's address, then IPv4 with TTL 255 and protocol 112, from .1. */
    private static final String HEADERS =
            "01005e000012 525400000001 0800 45c00028 00010000 ff700000 c6336401 e0000012";

    private static Frame frame(String hex) {
        return new Frame(NOW, HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    @Test
    void versionThreeOverIpv4IsReadWithItsIntervalInCentiseconds() throws UnknownHostException {
        Advertisement read =
                Advertisement.of(frame(HEADERS + "31339601 000a1234 c6336464")).orElseThrow();
        assertThat(read.at()).isEqualTo(NOW);
        assertThat(read.mac()).isEqualTo("52:54:00:00:00:01");
        assertThat(read.from()).isEqualTo(InetAddress.getByName("198.51.100.1"));
        assertThat(read.routerId()).isEqualTo(51);
        assertThat(read.priority()).isEqualTo(150);
        assertThat(read.interval()).isEqualTo(Duration.ofMillis(100));
        assertThat(read.addresses()).containsExactly(InetAddress.getByName("198.51.100.100"));
    }

    @Test
    void versionTwoIsReadWithItsIntervalInSeconds() {
        Advertisement read =
                Advertisement.of(frame(HEADERS + "21350001 00011234 c6336464 0000000000000000"))
                        .orElseThrow();
        assertThat(read.version()).isEqualTo(2);
        assertThat(read.priority()).isZero();
        assertThat(read.interval()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void anAdvertisementCutShortIsNone() {
        assertThat(Advertisement.of(frame(HEADERS + "31339602 000a1234 c6336464"))).isEmpty();
    }

    @Test
    void theLongestGapIsBetweenNeighbours() {
        byte[] bytes = frame(HEADERS + "31339601 000a1234 c6336464").bytes();
        var sent =
                java.util.stream.LongStream.of(0, 100, 350, 400)
                        .mapToObj(ms -> new Frame(NOW.plusMillis(ms), bytes))
                        .flatMap(f -> Advertisement.of(f).stream())
                        .toList();
        assertThat(Advertisement.longestGap(sent)).isEqualTo(Duration.ofMillis(250));
    }
}
