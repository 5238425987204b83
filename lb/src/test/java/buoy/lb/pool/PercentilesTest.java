package buoy.lb.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PercentilesTest {
    private static Percentiles of(Duration... times) {
        Times recorded = new Times(Duration.ofHours(1));
        for (Duration each : times) {
            recorded.record(each.toNanos());
        }
        Distribution sum = new Distribution();
        recorded.addTo(sum);
        return sum.percentiles(Bounds.OF_ANSWERS);
    }

    private static long atMost(Percentiles percentiles, Duration bound) {
        return percentiles.atMost().get(Percentiles.BOUNDS.indexOf(bound));
    }

    @Test
    void countsWhatTookNoLongerThanEachBound() {
        Percentiles percentiles =
                of(
                        Duration.ofNanos(300_000),
                        Duration.ofMillis(3),
                        Duration.ofMillis(3),
                        Duration.ofMillis(700),
                        Duration.ofSeconds(3),
                        Duration.ofMinutes(10));

        assertThat(atMost(percentiles, Duration.ofMillis(1))).isEqualTo(1);
        assertThat(atMost(percentiles, Duration.ofMillis(2))).isEqualTo(1);
        assertThat(atMost(percentiles, Duration.ofMillis(5))).isEqualTo(3);
        assertThat(atMost(percentiles, Duration.ofMillis(500))).isEqualTo(3);
        assertThat(atMost(percentiles, Duration.ofSeconds(1))).isEqualTo(4);
        assertThat(atMost(percentiles, Duration.ofMinutes(1))).isEqualTo(5);
        assertThat(percentiles.count()).isEqualTo(6);
    }

    @Test
    void ofNothingAllCountsAreZero() {
        assertThat(of()).isEqualTo(Percentiles.none(Percentiles.BOUNDS.size()));
        assertThat(of().atMost()).hasSize(Percentiles.BOUNDS.size()).containsOnly(0L);
    }
}
