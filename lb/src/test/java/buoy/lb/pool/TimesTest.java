package buoy.lb.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.HdrHistogram.Histogram;

class TimesTest {
    private static final Duration LONGEST = Duration.ofDays(30);

    @Property
    void asAHistogramOfTheLibraryWouldHaveIt(
            @ForAll List<@LongRange(min = 0, max = 3_000_000_000_000_000L) Long> nanos) {
        Times times = new Times(LONGEST);
        Histogram expected = times.nothing();
        for (long each : nanos) {
            times.record(each);
            expected.recordValue(Math.min(each / 1000, LONGEST.toNanos() / 1000));
        }

        Histogram sum = times.nothing();
        times.addTo(sum);
        times.addTo(sum);
        expected.add(expected.copy());

        assertThat(times.isEmpty()).isEqualTo(nanos.isEmpty());
        assertThat(Percentiles.of(sum, Percentiles.SESSION_BOUNDS))
                .isEqualTo(Percentiles.of(expected, Percentiles.SESSION_BOUNDS));
    }

    @Property
    void aStepIsOneInAHundredOfItsValueAndTheNextBeginsWhereItEnds(
            @ForAll @LongRange(min = 0, max = 2_592_000_000_000L) long micros) {
        int step = Times.step(micros);
        long from = Times.micros(step);
        long to = Times.micros(step + 1);

        assertThat(micros).isBetween(from, to - 1);
        assertThat(to - from).isLessThanOrEqualTo(Math.max(1, micros / 100));
        assertThat(Times.step(to)).isEqualTo(step + 1);
    }

    @Example
    void whatIsNegativeOrTooLongCountsAsTheNearest() {
        Times times = new Times(Duration.ofHours(1));
        times.record(-5);
        times.record(Long.MAX_VALUE);
        Histogram sum = times.nothing();
        times.addTo(sum);

        assertThat(sum.getTotalCount()).isEqualTo(2);
        assertThat(sum.getMinValue()).isZero();
        assertThat(sum.getMaxValue()).isBetween(3_600_000_000L, 3_636_000_000L);
    }
}
