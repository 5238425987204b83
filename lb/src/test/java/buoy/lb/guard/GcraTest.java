package buoy.lb.guard;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.RateLimit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class GcraTest {
    private static final long MILLI = 1_000_000;

    /** So many each second. */
    static RateLimit limit(int rate, int burst) {
        return new RateLimit(
                Duration.ofNanos(1_000 * MILLI / rate), burst, new RateLimit.Key.ClientAddress());
    }

    @Test
    void aBurstAtOnceAndThenOneByOne() {
        Gcra gcra = Gcra.of(limit(100, 3));
        long theoretical = 0;
        for (int i = 0; i < 3; i++) {
            assertThat(gcra.early(theoretical, 0)).isZero();
            theoretical = gcra.next(theoretical, 0);
        }
        assertThat(gcra.early(theoretical, 0)).isEqualTo(10 * MILLI);
        assertThat(gcra.early(theoretical, 9 * MILLI)).isEqualTo(MILLI);
        assertThat(gcra.early(theoretical, 10 * MILLI)).isZero();
        theoretical = gcra.next(theoretical, 10 * MILLI);
        assertThat(gcra.early(theoretical, 10 * MILLI)).isEqualTo(10 * MILLI);
    }

    @Test
    void quietGivesTheBurstBackAndNoMore() {
        Gcra gcra = Gcra.of(limit(1000, 2));
        long hour = 3600_000 * MILLI;
        long theoretical = gcra.next(gcra.next(hour, hour), hour);
        assertThat(gcra.early(theoretical, hour)).isEqualTo(MILLI);
    }

    @Property
    void inNoSpanComeMoreThanTheBurstAndWhatTheRateGives(
            @ForAll @IntRange(min = 1, max = 1000) int rate,
            @ForAll @IntRange(min = 1, max = 50) int burst,
            @ForAll @Size(min = 1, max = 300)
                    List<@LongRange(min = 0, max = 40_000_000) Long> gaps) {
        Gcra gcra = Gcra.of(limit(rate, burst));
        long theoretical = 0;
        long now = 0;
        List<Long> came = new ArrayList<>();
        for (long gap : gaps) {
            now += gap;
            if (gcra.early(theoretical, now) == 0) {
                theoretical = gcra.next(theoretical, now);
                came.add(now);
            }
        }
        for (int from = 0; from < came.size(); from++) {
            for (int to = from; to < came.size(); to++) {
                long span = came.get(to) - came.get(from);
                assertThat(to - from + 1L).isLessThanOrEqualTo(burst + span / gcra.interval());
            }
        }
    }

    @Property
    void whoComesAsLateAsToldMayCome(
            @ForAll @IntRange(min = 1, max = 1000) int rate,
            @ForAll @LongRange(min = 0, max = 4_000_000_000L) long theoretical) {
        Gcra gcra = Gcra.of(limit(rate, 5));
        long wait = gcra.early(theoretical, 0);
        assertThat(gcra.early(theoretical, wait)).isZero();
        assertThat(wait == 0 || gcra.early(theoretical, wait - 1) == 1).isTrue();
    }
}
