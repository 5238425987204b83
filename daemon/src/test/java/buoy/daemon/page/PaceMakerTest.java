package buoy.daemon.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import buoy.daemon.status.Samples;
import buoy.lb.BalancerStatus;
import buoy.lb.pool.ServerHealth;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PaceMakerTest {
    private final PaceMaker pace = new PaceMaker();

    private static BalancerStatus done(long finished) {
        BalancerStatus.ServerStatus server =
                Samples.withTotals(
                        Samples.server("a1", ServerHealth.State.UP), Samples.finished(finished));
        return Samples.status(
                        List.of(), List.of(server), Duration.ZERO, Samples.NOW, Optional.empty())
                .balancer();
    }

    private Optional<Double> at(long millis, long finished) {
        return pace.of(done(finished), millis * 1_000_000).of("app/a1");
    }

    @Test
    void aRateIsThatOfTheLastSeconds() {
        assertThat(at(10_000, 1000)).as("the first picture").isEmpty();
        assertThat(at(10_100, 5000)).as("too short to tell").isEmpty();
        assertThat(at(11_000, 1100)).hasValue(100.0);
        assertThat(at(12_000, 1400)).hasValue(200.0);
        assertThat(at(13_000, 1700))
                .as("since 10 s")
                .hasValueSatisfying(rate -> assertThat(rate).isCloseTo(233.3, within(0.1)));
        assertThat(at(14_000, 1700)).as("since 10 s").hasValue(175.0);
        assertThat(at(15_000, 1700)).as("since 12 s").hasValue(100.0);
        assertThat(at(16_000, 1700)).as("since 12 s").hasValue(75.0);
        assertThat(at(17_000, 1700)).as("since 14 s").hasValue(0.0);
    }

    @Test
    void whatWasBeforeNobodyLookedIsForgotten() {
        assertThat(at(10_000, 0)).isEmpty();
        assertThat(at(12_000, 200)).hasValue(100.0);
        assertThat(at(60_000, 9000)).isEmpty();
        assertThat(at(61_000, 9010)).hasValue(10.0);
    }

    @Test
    void aServerThatCountsAnewHasNoRateYet() {
        assertThat(at(10_000, 500)).isEmpty();
        assertThat(at(11_000, 3)).isEmpty();
        assertThat(at(13_000, 3)).isEmpty();
        assertThat(at(16_000, 13)).isEmpty();
        assertThat(at(17_000, 23)).hasValue(5.0);
    }

    @Test
    void theClockMayBeAnywhere() {
        long start = Long.MAX_VALUE - 500_000_000;
        assertThat(pace.of(done(0), start).of("app/a1")).isEmpty();
        assertThat(pace.of(done(50), start + 1_000_000_000).of("app/a1")).hasValue(50.0);
    }
}
