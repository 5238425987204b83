package buoy.daemon.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class WordsTest {
    @Test
    void spansKeepTheirTwoLargestUnits() {
        assertThat(Words.span(Duration.ofMillis(350))).isEqualTo("350ms");
        assertThat(Words.span(Duration.ofSeconds(7))).isEqualTo("7s");
        assertThat(Words.span(Duration.ofSeconds(725))).isEqualTo("12m 5s");
        assertThat(Words.span(Duration.ofMinutes(192))).isEqualTo("3h 12m");
        assertThat(Words.span(Duration.ofHours(76))).isEqualTo("3d 4h");
        assertThat(Words.span(Duration.ofSeconds(-1))).isEqualTo("0ms");
    }

    @Test
    void countsAndBytesKeepThreeDigitsOrSo() {
        assertThat(Words.count(999)).isEqualTo("999");
        assertThat(Words.count(12_345)).isEqualTo("12.3k");
        assertThat(Words.count(1000)).isEqualTo("1.0k");
        assertThat(Words.count(1_250)).isEqualTo("1.3k");
        assertThat(Words.count(4_049_999)).isEqualTo("4.0M");
        assertThat(Words.rate(0.04)).isEqualTo("0.0");
        assertThat(Words.rate(9.96)).isEqualTo("10.0");
        assertThat(Words.bytes(950)).isEqualTo("950B");
        assertThat(Words.bytes(1_258_291)).isEqualTo("1.2MiB");
    }

    @Test
    void latenciesShowWhatMatters() {
        assertThat(Words.latency(Duration.ofNanos(420_000))).isEqualTo("0.42ms");
        assertThat(Words.latency(Duration.ofMillis(18))).isEqualTo("18ms");
        assertThat(Words.latency(Duration.ofMillis(1200))).isEqualTo("1.2s");
    }

    @Property
    void latenciesAreRoundedToTheNearest(
            @ForAll @LongRange(min = 0, max = 10_000_000_000_000L) long nanos) {
        BigDecimal millis = BigDecimal.valueOf(nanos, 6);
        String expected =
                nanos < 1_000_000
                        ? "%.2fms".formatted(millis)
                        : nanos < 10_000_000
                                ? "%.1fms".formatted(millis)
                                : nanos < 1_000_000_000
                                        ? "%.0fms".formatted(millis)
                                        : "%.1fs".formatted(BigDecimal.valueOf(nanos, 9));
        assertThat(Words.latency(Duration.ofNanos(nanos))).isEqualTo(expected);
    }
}
