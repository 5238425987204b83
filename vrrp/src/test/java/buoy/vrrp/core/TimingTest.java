package buoy.vrrp.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TimingTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void activeDownIsThreeIntervalsAndTheSkewTimeToTheNanosecond() {
        assertThat(down(Version.V3, 100, SECOND)).isEqualTo(Duration.ofNanos(3_609_375_000L));
        assertThat(down(Version.V3, 100, Duration.ofMillis(100)))
                .isEqualTo(Duration.ofNanos(360_937_500L));
        assertThat(down(Version.V3, 100, Duration.ofMillis(10)))
                .isEqualTo(Duration.ofNanos(36_093_750L));
        assertThat(down(Version.V3, 254, SECOND)).isEqualTo(Duration.ofNanos(3_007_812_500L));
    }

    @Test
    void theSkewTimeOfVersion2IsAPartOfOneSecondWhateverTheInterval() {
        Duration expected = Duration.ofNanos(609_375_000L);
        assertThat(skew(Version.V2, 100, SECOND)).isEqualTo(expected);
        assertThat(skew(Version.V2, 100, Duration.ofSeconds(200))).isEqualTo(expected);
        assertThat(down(Version.V2, 100, Duration.ofSeconds(5)))
                .isEqualTo(Duration.ofSeconds(15).plus(expected));
    }

    @Test
    void evenTheHighestPriorityHasSomeSkewTime() {
        assertThat(skew(Version.V3, 255, SECOND)).isEqualTo(Duration.ofNanos(3_906_250L));
        assertThat(skew(Version.V3, 1, SECOND)).isLessThan(SECOND);
    }

    private static Duration skew(Version version, int priority, Duration interval) {
        return Timing.skew(version, new Priority(priority), interval);
    }

    private static Duration down(Version version, int priority, Duration interval) {
        return Timing.activeDown(version, new Priority(priority), interval);
    }
}
