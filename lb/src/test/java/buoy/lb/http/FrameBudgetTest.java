package buoy.lb.http;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class FrameBudgetTest {
    private static final long BEGAN = Long.MAX_VALUE - 1000;

    /** PING until it is spent. */
    private static int untilSpent(FrameBudget budget) {
        int n = 0;
        while (!budget.isSpent()) {
            budget.came(StreamsCaller.PING, 8, 0);
            n++;
        }
        return n - 1;
    }

    @Property
    void timeEarnsSoManyAndNoMoreThanAtOnce(
            @ForAll @IntRange(max = 1000) int used, @ForAll @IntRange(max = 60) int seconds) {
        FrameBudget budget = new FrameBudget(BEGAN);
        for (int i = 0; i < used; i++) {
            budget.came(StreamsCaller.PING, 8, 0);
        }
        // Looked at however often; the clock may wrap.
        for (int tenth = 1; tenth <= seconds * 10; tenth++) {
            budget.at(BEGAN + SECONDS.toNanos(tenth) / 10);
        }
        assertThat(untilSpent(budget))
                .isEqualTo(
                        Math.min(
                                FrameBudget.AT_ONCE,
                                FrameBudget.AT_ONCE - used + seconds * FrameBudget.PER_SECOND));
    }

    /** Less than a frame's time is not lost. */
    @Test
    void aSlowTrickleAtTheRateGoesOnForEver() {
        FrameBudget budget = new FrameBudget(0);
        long half = SECONDS.toNanos(1) / FrameBudget.PER_SECOND / 2;
        for (int i = 1; i < 10_000; i++) {
            budget.at(3L * i * half);
            for (int frames = 0; frames < 1 + i % 2; frames++) {
                budget.came(StreamsCaller.PING, 8, 0);
            }
        }
        assertThat(budget.isSpent()).isFalse();
    }

    @Test
    void whatIsAskedForAndSentEarnsMoreWhichARestDoesNotTake() {
        FrameBudget budget = new FrameBudget(0);
        budget.came(StreamsCaller.HEADERS, 30, 1);
        budget.sent(10 * FrameBudget.OCTETS);
        budget.at(SECONDS.toNanos(100));
        assertThat(untilSpent(budget))
                .isEqualTo(
                        FrameBudget.AT_ONCE + FrameBudget.PER_STREAM + FrameBudget.PER_WRITE + 10);
    }

    @Test
    void contentIsFreeAndAStreamEarnsOnce() {
        FrameBudget budget = new FrameBudget(0);
        for (int i = 0; i < 5000; i++) {
            budget.came(StreamsCaller.DATA, 1, 1);
            budget.came(StreamsCaller.CONTINUATION, 0, 1);
        }
        assertThat(budget.isSpent()).isFalse();
        for (int i = 0; i < 5000; i++) {
            budget.came(StreamsCaller.HEADERS, 1, 1);
        }
        assertThat(budget.isSpent()).isTrue();
    }
}
