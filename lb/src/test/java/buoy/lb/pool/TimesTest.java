package buoy.lb.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

class TimesTest {
    private static final Duration LONGEST = Duration.ofDays(30);

    @Property
    void asAHistogramOfTheLibraryWouldHaveIt(
            @ForAll List<@LongRange(min = 0, max = 3_000_000_000_000_000L) Long> nanos,
            @ForAll List<@LongRange(min = 0, max = 9_000_000_000L) Long> before) {
        Histogram expected = new Histogram(LONGEST.toNanos() / 1000, 2);
        for (long each : nanos) {
            expected.recordValue(Math.min(each / 1000, LONGEST.toNanos() / 1000));
        }
        expected.add(expected.copy());

        Distribution sum = new Distribution();
        times(before).addTo(sum);
        sum.clear();
        times(nanos).addTo(sum);
        times(nanos).addTo(sum);

        assertThat(sum.percentiles(Bounds.OF_SESSIONS)).isEqualTo(percentiles(expected));
        assertThat(sum.total()).isEqualTo(2L * nanos.size());
    }

    private static Times times(List<Long> nanos) {
        Times times = new Times(LONGEST);
        nanos.forEach(times::record);
        return times;
    }

    private static Percentiles percentiles(Histogram micros) {
        return new Percentiles(
                micros.getTotalCount(),
                duration(micros.getValueAtPercentile(50)),
                duration(micros.getValueAtPercentile(90)),
                duration(micros.getValueAtPercentile(99)),
                duration(micros.getValueAtPercentile(99.9)),
                duration(micros.getMaxValue()),
                duration(Math.round(micros.getMean() * micros.getTotalCount())),
                Percentiles.SESSION_BOUNDS.stream().map(bound -> atMost(micros, bound)).toList());
    }

    private static long atMost(Histogram micros, Duration bound) {
        long count = 0;
        for (HistogramIterationValue each : micros.recordedValues()) {
            if (each.getValueIteratedTo() <= bound.toNanos() / 1000) {
                count += each.getCountAddedInThisIterationStep();
            }
        }
        return count;
    }

    private static Duration duration(long micros) {
        return Duration.ofNanos(micros * 1000);
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
        Distribution sum = new Distribution();
        times.addTo(sum);

        Percentiles percentiles = sum.percentiles(Bounds.OF_ANSWERS);
        assertThat(percentiles.count()).isEqualTo(2);
        assertThat(percentiles.p50()).isZero();
        assertThat(percentiles.max()).isBetween(Duration.ofHours(1), Duration.ofSeconds(3636));
    }

    /** A picture of ten thousand servers takes thirty thousand of these. */
    @Example
    void toAddUpManyOneAfterTheOtherTakesNoRoomForEach() {
        List<Tally> tallies = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            Tally tally = new Tally();
            for (int j = 1; j < 300; j++) {
                tally.latency(j * 70_000L);
                tally.connected(j * 11_000L);
                tally.lasted(j * 900_000_000L);
            }
            tallies.add(tally);
        }
        Distribution times = new Distribution();
        long before = allocated();
        long counted = 0;
        for (Tally each : tallies) {
            counted += Tally.sum(List.of(each), times).latency().count();
        }
        assertThat(counted).isEqualTo(200 * 299);
        assertThat((allocated() - before) / tallies.size()).isLessThan(8 * 1024);
    }

    private static long allocated() {
        var threads =
                (com.sun.management.ThreadMXBean)
                        java.lang.management.ManagementFactory.getThreadMXBean();
        return Objects.requireNonNull(threads).getCurrentThreadAllocatedBytes();
    }
}
