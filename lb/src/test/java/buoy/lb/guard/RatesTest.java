package buoy.lb.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RatesTest {
    private static final long SECOND = 1_000_000_000;
    private static final long PLACES = 1 << 15;

    private static Rates rates(int rate, int burst) {
        return new Rates(GcraTest.limit(rate, burst), Long.MAX_VALUE - 5);
    }

    /** The clock may begin anywhere, and passes its end here. */
    private static long at(long nanos) {
        return Long.MAX_VALUE - 5 + nanos;
    }

    @Test
    void eachKeyHasItsOwnRate() {
        Rates rates = rates(10, 2);
        assertThat(rates.ask(1, at(0))).isZero();
        assertThat(rates.ask(1, at(0))).isZero();
        assertThat(rates.ask(1, at(0))).isEqualTo(SECOND / 10);
        assertThat(rates.ask(2, at(0))).isZero();
        assertThat(rates.ask(1, at(SECOND / 10))).isZero();
        assertThat(rates.ask(1, at(SECOND / 10))).isPositive();
    }

    @Test
    void whoIsWithinItsRateAgainLeavesItsPlaceToAnother() {
        Rates rates = rates(1, 1);
        for (int i = 0; i < 100; i++) {
            assertThat(rates.ask(7 + i * PLACES, at(i * SECOND))).isZero();
        }
    }

    @Test
    void whereAPlaceIsFullOfClientsBeyondTheirRateMadeUpKeysWinNothing() {
        Rates rates = rates(1, 1);
        int let = 0;
        for (int i = 0; i < 1000; i++) {
            let += rates.ask(7 + i * PLACES, at(0)) == 0 ? 1 : 0;
        }
        assertThat(let).isEqualTo(8);
    }

    @Test
    void workersThatAskForOneKeyAtOneTimeGetWhatOneWouldGet() throws Exception {
        Rates rates = rates(1, 1000);
        try (ExecutorService workers = Executors.newFixedThreadPool(4)) {
            Callable<Integer> asking =
                    () ->
                            (int)
                                    IntStream.range(0, 1000)
                                            .filter(_ -> rates.ask(42, at(0)) == 0)
                                            .count();
            int let = 0;
            for (Future<Integer> each :
                    workers.invokeAll(List.of(asking, asking, asking, asking))) {
                let += each.get();
            }
            assertThat(let).isEqualTo(1000);
        }
    }
}
