package buoy.vrrp.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class WordsTest {
    @Test
    void secondsToTheMillisecondWithoutTrailingZeros() {
        assertThat(Words.of(Duration.ofNanos(3_609_375_000L))).isEqualTo("3.609s");
        assertThat(Words.of(Duration.ofMillis(40_950))).isEqualTo("40.95s");
        assertThat(Words.of(Duration.ofSeconds(2))).isEqualTo("2s");
        assertThat(Words.of(Duration.ofMillis(10))).isEqualTo("0.01s");
        assertThat(Words.of(Duration.ZERO)).isEqualTo("0s");
        assertThat(Words.of(Duration.ofNanos(999_600_000))).isEqualTo("1s");
    }
}
