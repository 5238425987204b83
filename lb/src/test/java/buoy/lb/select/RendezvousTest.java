package buoy.lb.select;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.lb.select.Selector.Weighted;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RendezvousTest {
    private static final int KEYS = 5000;

    /** Servers s0, s1, ... with nothing to do. */
    private static List<Weighted<String>> servers(List<Integer> weights) {
        List<Weighted<String>> servers = new ArrayList<>();
        for (int weight : weights) {
            servers.add(new Weighted<>("s" + servers.size(), weight));
        }
        return servers;
    }

    private static Selector<String> over(List<Weighted<String>> servers) {
        return Selector.byKey(servers, name -> name, _ -> 0);
    }

    private static String of(Selector<String> selector, int key) {
        return Objects.requireNonNull(selector.select(0, Hash.mix(key + 1L), List.of()));
    }

    @Property(tries = 50)
    void aServersShareIsItsWeight(
            @ForAll @Size(min = 1, max = 8) List<@IntRange(min = 1, max = 20) Integer> weights) {
        Selector<String> selector = over(servers(weights));
        Map<String, Integer> counts = new HashMap<>();
        for (int key = 0; key < KEYS; key++) {
            counts.merge(of(selector, key), 1, Integer::sum);
        }
        double total = weights.stream().mapToInt(Integer::intValue).sum();
        for (int i = 0; i < weights.size(); i++) {
            double share = weights.get(i) / total;
            // Seven standard deviations of the binomial distribution.
            double slack = 7 * Math.sqrt(KEYS * share * (1 - share)) + 1;
            assertThat((double) counts.getOrDefault("s" + i, 0))
                    .isBetween(KEYS * share - slack, KEYS * share + slack);
        }
    }

    @Property(tries = 50)
    void whenAServerLeavesOnlyItsKeysMoveAndWhenItIsBackTheyReturn(
            @ForAll @Size(min = 2, max = 8) List<@IntRange(min = 1, max = 20) Integer> weights,
            @ForAll @IntRange(min = 0, max = 7) int drawn) {
        List<Weighted<String>> all = servers(weights);
        Weighted<String> leaving = all.get(drawn % all.size());
        List<Weighted<String>> rest = new ArrayList<>(all);
        rest.remove(leaving);
        Selector<String> before = over(all);
        Selector<String> after = over(rest);
        Selector<String> again = over(rest.reversed());
        for (int key = 0; key < KEYS; key++) {
            String was = of(before, key);
            if (!was.equals(leaving.server())) {
                assertThat(of(after, key)).isEqualTo(was);
            }
            // The order in the configuration says nothing.
            assertThat(of(again, key)).isEqualTo(of(after, key));
        }
    }

    @Property(tries = 50)
    void whenAServerGainsWeightKeysMoveToItAlone(
            @ForAll @Size(min = 2, max = 8) List<@IntRange(min = 1, max = 20) Integer> weights,
            @ForAll @IntRange(min = 0, max = 7) int drawn,
            @ForAll @IntRange(min = 1, max = 20) int more) {
        int gaining = drawn % weights.size();
        List<Integer> heavier = new ArrayList<>(weights);
        heavier.set(gaining, weights.get(gaining) + more);
        Selector<String> before = over(servers(weights));
        Selector<String> after = over(servers(heavier));
        for (int key = 0; key < KEYS; key++) {
            assertThat(of(after, key)).isIn(of(before, key), "s" + gaining);
        }
    }

    @Test
    void ofTenServersAnEleventhTakesAnEleventhOfTheKeys() {
        Selector<String> ten = over(servers(List.of(1, 1, 1, 1, 1, 1, 1, 1, 1, 1)));
        Selector<String> eleven = over(servers(List.of(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)));
        int moved = 0;
        for (int key = 0; key < KEYS; key++) {
            moved += of(ten, key).equals(of(eleven, key)) ? 0 : 1;
        }
        assertThat(moved).isBetween(KEYS / 11 - KEYS / 50, KEYS / 11 + KEYS / 50);
    }

    @Property(tries = 50)
    void oneKeyForAllNeverLoadsAServerWithMoreThanTwiceItsShare(
            @ForAll @Size(min = 1, max = 8) List<@IntRange(min = 1, max = 20) Integer> weights,
            @ForAll @IntRange(min = 1, max = 1000) int connections,
            @ForAll long key) {
        Map<String, Integer> load = new HashMap<>();
        Selector<String> selector =
                Selector.byKey(servers(weights), name -> name, name -> load.getOrDefault(name, 0));
        for (int turn = 0; turn < connections; turn++) {
            load.merge(
                    Objects.requireNonNull(selector.select(turn, key | 1, List.of())),
                    1,
                    Integer::sum);
        }
        double total = weights.stream().mapToInt(Integer::intValue).sum();
        for (int i = 0; i < weights.size(); i++) {
            assertThat((double) load.getOrDefault("s" + i, 0))
                    .isLessThanOrEqualTo(
                            Math.max(16, Math.ceil(2 * connections * weights.get(i) / total)));
        }
        if (connections <= 16) {
            assertThat(load).hasSize(1);
        }
    }

    @Test
    void withoutAKeyServersAreUsedByWeight() {
        Selector<String> selector = over(servers(List.of(1, 3)));
        Map<String, Integer> counts = new HashMap<>();
        for (int turn = 0; turn < KEYS; turn++) {
            counts.merge(
                    Objects.requireNonNull(selector.select(turn, Selector.NO_KEY, List.of())),
                    1,
                    Integer::sum);
        }
        assertThat(counts.get("s1")).isBetween(KEYS * 7 / 10, KEYS * 8 / 10);
    }

    @Test
    void hashesNeverChange() {
        // Both hosts of a pair, whatever their version, have to agree.
        assertThat(Hash.of("app1"))
                .isEqualTo(
                        Hash.of(
                                "xapp1y".getBytes(java.nio.charset.StandardCharsets.US_ASCII),
                                1,
                                5));
        assertThat(Hash.of("")).isEqualTo(HASH_OF_NOTHING);
        assertThat(Hash.of("app1")).isEqualTo(HASH_OF_APP1);
    }

    private static final long HASH_OF_NOTHING = 0xf52a15e9a9b5e89bL;
    private static final long HASH_OF_APP1 = 0x559721a43f6847d7L;
}
