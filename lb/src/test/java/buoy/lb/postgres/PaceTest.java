package buoy.lb.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PaceTest {
    private static final long MILLI = Duration.ofMillis(1).toNanos();

    /** A hundred a second, three at once, waits of 50 ms at most. */
    private static Pace pace() {
        return new Pace(100, 3, 50 * MILLI);
    }

    @Test
    void aFewGoAtOnceAndTheRestOneByOne() {
        Pace pace = pace();
        for (int i = 0; i < 3; i++) {
            assertThat(pace.turn(0)).isZero();
        }
        for (int i = 1; i <= 5; i++) {
            assertThat(pace.turn(0)).isEqualTo(i * 10L * MILLI);
        }
        assertThat(pace.turn(0)).as("too far away").isNegative();
        assertThat(pace.turn(10 * MILLI)).isEqualTo(50 * MILLI);
    }

    @Test
    void afterATimeOfQuietAFewGoAtOnceAgain() {
        Pace pace = pace();
        for (int i = 0; i < 8; i++) {
            pace.turn(0);
        }
        long later = 1000 * MILLI;
        for (int i = 0; i < 3; i++) {
            assertThat(pace.turn(later)).isZero();
        }
        assertThat(pace.turn(later)).isPositive();
    }

    @Test
    void theClockMayBeginAnywhere() {
        Pace pace = pace();
        long begin = Long.MAX_VALUE - MILLI;
        for (int i = 0; i < 3; i++) {
            assertThat(pace.turn(begin)).isZero();
        }
        assertThat(pace.turn(begin + 2 * MILLI)).isEqualTo(8 * MILLI);
    }

    @Property
    void inNoSpanAreThereMoreTurnsThanThePaceAllows(
            @ForAll @Size(min = 1, max = 300)
                    List<@LongRange(min = 0, max = 20_000_000) Long> gaps) {
        Pace pace = pace();
        long now = 0;
        long taken = 0;
        for (long gap : gaps) {
            now += gap;
            long wait = pace.turn(now);
            if (wait >= 0) {
                taken++;
                long at = now + wait;
                assertThat(wait).isLessThanOrEqualTo(50 * MILLI);
                assertThat(taken).isLessThanOrEqualTo(3 + at / (10 * MILLI) + 1);
            }
        }
    }
}
