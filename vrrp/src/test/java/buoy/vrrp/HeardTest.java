package buoy.vrrp;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.vrrp.core.Advert;
import buoy.vrrp.core.Priority;
import buoy.vrrp.core.Ticks;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeardTest {
    private final Heard heard = new Heard();
    private final Advert advert =
            new Advert(51, new Priority(100), Duration.ofSeconds(1), List.of());

    @Test
    void aPeerIsNewsOnceAndAgainAfterALongSilence() {
        assertThat(heard.accepted(advert, peer(1), at(0))).isTrue();
        assertThat(heard.accepted(advert, peer(1), at(1))).isFalse();
        assertThat(heard.accepted(advert, peer(1), at(60))).isFalse();
        assertThat(heard.accepted(advert, peer(1), at(120))).isTrue();
    }

    @Test
    void thousandsOfPeersAreNeitherKeptNorNews() {
        int news = 0;
        for (int i = 0; i < 10_000; i++) {
            news += heard.accepted(advert, peer(i), at(0)) ? 1 : 0;
        }
        assertThat(news).isEqualTo(64);
        assertThat(heard.peers(at(0))).hasSize(64);
        assertThat(heard.peers(at(0)).getFirst().address()).isEqualTo(peer(9999));
        assertThat(heard.received()).isEqualTo(10_000);
    }

    @Test
    void anOddityIsNewsOnceForEachPeerButNotForThousands() {
        assertThat(heard.odd("interval-mismatch", () -> "every 2s", peer(1), at(0))).isTrue();
        assertThat(heard.odd("interval-mismatch", () -> "every 2s", peer(1), at(1))).isFalse();
        assertThat(heard.odd("interval-mismatch", () -> "every 2s", peer(2), at(1))).isTrue();
        int news = 0;
        for (int i = 0; i < 10_000; i++) {
            news += heard.odd("interval-mismatch", () -> "every 2s", peer(i), at(2)) ? 1 : 0;
        }
        assertThat(news).isLessThan(256);
        assertThat(heard.odd()).containsEntry("interval-mismatch", 10_003L);
    }

    @Test
    void aKindOfGarbageIsNewsAgainAfterTenQuietMinutes() {
        assertThat(heard.discarded("carp", () -> "CARP", peer(1), at(0))).isTrue();
        assertThat(heard.discarded("carp", () -> "CARP", peer(1), at(599))).isFalse();
        assertThat(heard.discarded("carp", () -> "CARP", peer(1), at(599 + 600))).isTrue();
        assertThat(heard.discarded()).containsEntry("carp", 3L);
        assertThat(heard.remarks(at(1200)))
                .containsExactly(
                        new RouterStatus.Remark("carp", peer(1), "CARP", Duration.ofSeconds(1)));
    }

    private static InetAddress peer(int number) {
        return InetAddress.ofLiteral("203.0." + number / 256 % 256 + "." + number % 256);
    }

    private static Ticks at(int second) {
        return new Ticks(Long.MAX_VALUE).plus(Duration.ofSeconds(second));
    }
}
