package buoy.daemon.heap;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class EdenSizeTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private EdenSize size = EdenSize.INITIAL;

    @Test
    void itIsAsLargeAsWhatIsAllocatedInASecondNeeds() {
        assertThat(after(0)).isEqualTo(8);
        assertThat(after(8)).isEqualTo(8);
        assertThat(after(9)).isEqualTo(16);
        assertThat(after(16)).isEqualTo(16);
        assertThat(after(17)).isEqualTo(32);
        assertThat(after(1000)).isEqualTo(32);
    }

    @Test
    void itWidensAtOnceByAsMuchAsIsNeeded() {
        assertThat(after(40)).isEqualTo(32);
    }

    @Test
    void aLookAfterLongTellsOfASecondAllTheSame() {
        size = size.after(40L << 20, Duration.ofSeconds(10));
        assertThat(size).isEqualTo(EdenSize.INITIAL);
    }

    @Test
    void itNarrowsWhenLessWouldHaveDoneForHalfAMinute() {
        after(40);
        for (int i = 0; i < 29; i++) {
            assertThat(after(5)).isEqualTo(32);
        }
        assertThat(after(5)).isEqualTo(8);
    }

    @Test
    void itNarrowsNoFurtherThanTheLoadOfThatMoment() {
        after(40);
        for (int i = 0; i < 29; i++) {
            after(5);
        }
        assertThat(after(10)).isEqualTo(16);
    }

    @Test
    void aLoadThatComesAndGoesIsNotCalm() {
        after(40);
        for (int i = 0; i < 100; i++) {
            assertThat(after(i % 25 == 0 ? 40 : 0)).isEqualTo(32);
        }
    }

    @Property
    void whateverHappensItStaysWithinItsBounds(
            @ForAll @LongRange(min = 0) long allocated,
            @ForAll @LongRange(min = 1, max = 100_000_000_000L) long nanos) {
        size = size.after(allocated, Duration.ofNanos(nanos));
        assertThat(size.bytes()).isIn(8L << 20, 16L << 20, 32L << 20);
        assertThat(size.calm()).isLessThan(EdenSize.CALM);
    }

    /**
     * A second in which this much is allocated.
     *
     * @param megabytes in units of 1 MiB, as is the answer
     */
    private long after(long megabytes) {
        size = size.after(megabytes << 20, SECOND);
        return size.bytes() >> 20;
    }
}
