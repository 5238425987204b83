package buoy.lb.select;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TurnsTest {
    @Property(tries = 300)
    void nobodyIsEverAWholeTurnOffItsShare(
            @ForAll @Size(min = 1, max = 12) List<@IntRange(min = 1, max = 256) Integer> drawn) {
        int[] weights = drawn.stream().mapToInt(Integer::intValue).toArray();
        int[] turns = Turns.of(weights);
        long total = 0;
        for (int weight : weights) {
            total += weight;
        }
        long[] given = new long[weights.length];
        for (int k = 0; k < turns.length; k++) {
            given[turns[k]]++;
            for (int i = 0; i < weights.length; i++) {
                // |given - (k+1) * weight / total| < 1, in whole numbers
                long off = Math.abs(given[i] * total - (k + 1L) * weights[i]);
                assertThat(off)
                        .as("server %d of %d after %d turns", i, weights.length, k + 1)
                        .isLessThan(total);
            }
        }
    }

    @Property(tries = 300)
    void aWholeRoundGivesEveryoneExactlyItsWeight(
            @ForAll @Size(min = 1, max = 12) List<@IntRange(min = 1, max = 256) Integer> drawn) {
        int[] weights = drawn.stream().mapToInt(Integer::intValue).toArray();
        int[] turns = Turns.of(weights);
        long total = 0;
        for (int weight : weights) {
            total += weight;
        }
        for (int i = 0; i < weights.length; i++) {
            int server = i;
            long count = Arrays.stream(turns).filter(turn -> turn == server).count();
            assertThat(count * total).isEqualTo((long) weights[i] * turns.length);
        }
    }

    /** The rule as the class has it, without what makes it quick. */
    @Property(tries = 300)
    void eachTurnIsOfTheEarliestDeadlineAmongThoseReleased(
            @ForAll @Size(min = 1, max = 12) List<@IntRange(min = 1, max = 256) Integer> drawn) {
        int[] weights = drawn.stream().mapToInt(Integer::intValue).toArray();
        int[] turns = Turns.of(weights);
        long total = turns.length;
        long divisor = Arrays.stream(weights).asLongStream().sum() / total;
        long[] given = new long[weights.length];
        for (int turn = 0; turn < total; turn++) {
            int best = -1;
            long earliest = Long.MAX_VALUE;
            for (int i = 0; i < weights.length; i++) {
                long share = weights[i] / divisor;
                long deadline = Math.ceilDiv((given[i] + 1) * total, share);
                if (given[i] * total / share <= turn && deadline < earliest) {
                    best = i;
                    earliest = deadline;
                }
            }
            assertThat(turns[turn]).as("turn %d", turn).isEqualTo(best);
            given[best]++;
        }
    }

    /** Done before anybody's patience ends: not by comparing each server at each turn. */
    @Test
    void tenThousandServersOfManyWeightsHaveTheirOrder() {
        int[] weights = IntStream.range(0, 10_000).map(i -> 1 + i % 100).toArray();

        assertThat(Turns.of(weights)).hasSize(IntStream.of(weights).sum());
    }

    @Test
    void aHeavyServerIsSpreadOverTheRound() {
        assertThat(Turns.of(new int[] {5, 1, 1})).containsExactly(0, 0, 0, 1, 0, 0, 2);
    }

    @Test
    void equalWeightsAreOneRoundWhateverTheyAre() {
        assertThat(Turns.of(new int[] {100, 100, 100})).containsExactly(0, 1, 2);
    }

    @Test
    void nobodyMakesNoRound() {
        assertThat(Turns.of(new int[0])).isEmpty();
    }
}
