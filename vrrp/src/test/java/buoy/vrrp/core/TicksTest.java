package buoy.vrrp.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class TicksTest {
    @Test
    void theClockMayWrapBetweenNowAndTheDeadline() {
        Ticks now = new Ticks(Long.MAX_VALUE - 10);
        Ticks deadline = now.plus(Duration.ofNanos(100));
        assertThat(deadline.nanos()).isNegative();
        assertThat(now.isAtOrAfter(deadline)).isFalse();
        assertThat(deadline.isAtOrAfter(now)).isTrue();
        assertThat(deadline.since(now)).isEqualTo(Duration.ofNanos(100));
        assertThat(now.earliest(deadline)).isEqualTo(now);
        assertThat(now.latest(deadline)).isEqualTo(deadline);
    }

    @Property
    void laterIsLaterWhereverTheClockStands(
            @ForAll long start, @ForAll @LongRange(min = 1, max = 1L << 50) long nanos) {
        Ticks now = new Ticks(start);
        Ticks later = now.plus(Duration.ofNanos(nanos));
        assertThat(later.isAtOrAfter(now)).isTrue();
        assertThat(now.isAtOrAfter(later)).isFalse();
        assertThat(later.since(now).toNanos()).isEqualTo(nanos);
    }
}
