package buoy.lb.pool;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Pool.Passive;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class FailuresTest {
    private static Failures within(int failures, long nanos) {
        return new Failures(new Passive(failures, Duration.ofNanos(nanos), Duration.ofSeconds(30)));
    }

    @Property
    void tooManyIsWhatTheListOfTimesSays(
            @ForAll @IntRange(min = 1, max = 5) int most,
            @ForAll @Size(max = 40) List<@IntRange(min = 0, max = 30) Integer> steps) {
        Failures failures = within(most, 50);
        List<Long> times = new ArrayList<>();
        long now = -100;
        for (int step : steps) {
            now += step;
            times.add(now);
            long since = now - 50;
            boolean tooMany = times.stream().filter(time -> time >= since).count() >= most;
            assertThat(failures.tooMany(now)).isEqualTo(tooMany);
            if (tooMany) {
                times.clear();
            }
        }
    }

    @Test
    void afterAnEjectionItBeginsAnew() {
        Failures failures = within(2, 50);
        assertThat(failures.tooMany(1)).isFalse();
        failures.clear();
        assertThat(failures.tooMany(3)).isFalse();
        assertThat(failures.tooMany(4)).isTrue();
    }

    @Test
    void aServerThatCameBackTakesTwentyStepsToItsFullShare() {
        Duration whole = Duration.ofSeconds(20);
        assertThat(SlowStart.step(null, whole)).isEqualTo(20);
        assertThat(SlowStart.step(Duration.ZERO, whole)).isEqualTo(1);
        assertThat(SlowStart.step(Duration.ofMillis(999), whole)).isEqualTo(1);
        assertThat(SlowStart.step(Duration.ofSeconds(10), whole)).isEqualTo(11);
        assertThat(SlowStart.step(Duration.ofMillis(19_999), whole)).isEqualTo(20);
        assertThat(SlowStart.step(whole, whole)).isEqualTo(20);
        assertThat(SlowStart.step(Duration.ofSeconds(1), Duration.ZERO)).isEqualTo(20);
    }
}
