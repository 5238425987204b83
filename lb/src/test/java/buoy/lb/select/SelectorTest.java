package buoy.lb.select;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.lb.select.Selector.Weighted;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SelectorTest {
    private static List<Weighted<Integer>> servers(int... weights) {
        return IntStream.range(0, weights.length)
                .mapToObj(i -> new Weighted<>(i, weights[i]))
                .toList();
    }

    @Property
    void neverPicksWhatIsExcludedAndAlwaysPicksWhileSomethingIsLeft(
            @ForAll @Size(max = 8) List<@IntRange(min = 1, max = 10) Integer> drawn,
            @ForAll Set<@IntRange(min = 0, max = 7) Integer> excluded,
            @ForAll int turn,
            @ForAll long key,
            @ForAll @IntRange(min = 0, max = 4) int way) {
        int[] weights = drawn.stream().mapToInt(Integer::intValue).toArray();
        Selector<Integer> selector =
                switch (way) {
                    case 0 -> Selector.roundRobin(servers(weights));
                    case 1 -> Selector.leastConnections(servers(weights), server -> server % 3);
                    case 2 -> Selector.randomTwo(servers(weights), server -> server % 3);
                    case 3 ->
                            Selector.byKey(
                                    servers(weights), String::valueOf, server -> server * 20);
                    default -> Selector.first(servers(weights));
                };
        Integer picked = selector.select(turn, key, excluded);
        boolean someLeft =
                IntStream.range(0, weights.length).anyMatch(server -> !excluded.contains(server));
        if (someLeft) {
            assertThat(picked).isNotNull().isNotIn(excluded);
        } else {
            assertThat(picked).isNull();
        }
    }

    @Property(tries = 200)
    void connectionsThatStaySpreadByWeight(
            @ForAll @Size(min = 1, max = 6) List<@IntRange(min = 1, max = 20) Integer> drawn,
            @ForAll @IntRange(min = 1, max = 500) int connections) {
        int[] weights = drawn.stream().mapToInt(Integer::intValue).toArray();
        Map<Integer, Integer> load = new HashMap<>();
        Selector<Integer> selector =
                Selector.leastConnections(servers(weights), server -> load.getOrDefault(server, 0));
        for (int turn = 0; turn < connections; turn++) {
            load.merge(selector.select(turn, Selector.NO_KEY, List.of()), 1, Integer::sum);
        }
        double total = IntStream.of(weights).sum();
        for (int i = 0; i < weights.length; i++) {
            assertThat((double) load.getOrDefault(i, 0))
                    .isBetween(
                            connections * weights[i] / total - weights.length,
                            connections * weights[i] / total + weights.length);
        }
    }

    @Test
    void ofTwoDrawnTheEmptierIsTaken() {
        Selector<Integer> two = Selector.randomTwo(servers(1, 1), server -> server == 0 ? 5 : 4);
        int[] counts = new int[3];
        for (int turn = 0; turn < 100; turn++) {
            assertThat(two.select(turn, Selector.NO_KEY, List.of())).isEqualTo(1);
            Integer ofThree =
                    Selector.randomTwo(servers(1, 1, 1), server -> server)
                            .select(turn, Selector.NO_KEY, List.of());
            counts[Objects.requireNonNull(ofThree)]++;
        }
        // The fullest of three never wins, the emptiest wins whenever it is drawn.
        assertThat(counts[2]).isZero();
        assertThat(counts[0]).isBetween(45, 85);
    }

    @Property(tries = 50)
    void twoDrawnSpreadConnectionsNearlyAsTheLeastOfAllDoes(
            @ForAll @Size(min = 2, max = 6) List<@IntRange(min = 1, max = 5) Integer> drawn) {
        int[] weights = drawn.stream().mapToInt(Integer::intValue).toArray();
        int connections = 2000;
        Map<Integer, Integer> load = new HashMap<>();
        Selector<Integer> selector =
                Selector.randomTwo(servers(weights), server -> load.getOrDefault(server, 0));
        for (int turn = 0; turn < connections; turn++) {
            load.merge(selector.select(turn, Selector.NO_KEY, List.of()), 1, Integer::sum);
        }
        double total = IntStream.of(weights).sum();
        for (int i = 0; i < weights.length; i++) {
            double share = connections * weights[i] / total;
            assertThat((double) load.getOrDefault(i, 0)).isBetween(share * 0.8, share * 1.2);
        }
    }

    @Test
    void theFirstTakesAllUntilItIsExcluded() {
        Selector<Integer> first = Selector.first(servers(1, 5, 1));
        assertThat(first.select(7, 9, List.of())).isEqualTo(0);
        assertThat(first.select(8, 9, List.of(0))).isEqualTo(1);
    }

    @Test
    void idleServersTakeTurns() {
        Selector<Integer> selector = Selector.leastConnections(servers(1, 1, 1), _ -> 0);
        List<Integer> picked = new ArrayList<>();
        for (int turn = 0; turn < 6; turn++) {
            picked.add(selector.select(turn, Selector.NO_KEY, List.of()));
        }
        assertThat(picked).containsExactly(0, 1, 2, 0, 1, 2);
    }

    @Test
    void theTurnMayWrap() {
        Selector<Integer> selector = Selector.roundRobin(servers(1, 1, 1));
        assertThat(selector.select(Integer.MIN_VALUE, Selector.NO_KEY, List.of())).isBetween(0, 2);
    }
}
