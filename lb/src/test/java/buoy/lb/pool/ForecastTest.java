package buoy.lb.pool;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Pool.Balance;
import buoy.lb.pool.Forecast.Candidate;
import buoy.lb.pool.Forecast.Told;
import buoy.lb.select.Hash;
import buoy.lb.select.Selector;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ForecastTest {
    private static final List<Candidate> THREE =
            List.of(new Candidate("a", 1, 0), new Candidate("b", 2, 0), new Candidate("c", 1, 0));

    private static Work from(int client) {
        return () -> Hash.of(new byte[] {10, 0, (byte) (client >> 8), (byte) client});
    }

    @Test
    void aHashIsForeseenAsTheSelectorChooses() {
        Selector<String> selector =
                Selector.byKey(
                        THREE.stream()
                                .map(each -> new Selector.Weighted<>(each.name(), each.weight()))
                                .toList(),
                        Function.identity(),
                        _ -> 0);
        Map<String, Long> shares =
                IntStream.range(0, 2000)
                        .mapToObj(
                                i -> {
                                    String chosen = selector.select(i, from(i).source(), Set.of());
                                    assertThat(
                                                    Forecast.of(
                                                            new Balance.SourceHash(),
                                                            THREE,
                                                            from(i)))
                                            .isEqualTo(
                                                    new Told.Chosen(
                                                            String.valueOf(chosen),
                                                            "by the client's address"));
                                    return String.valueOf(chosen);
                                })
                        .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        assertThat(shares).containsOnlyKeys("a", "b", "c");
    }

    @Test
    void theFirstIsTheFirst() {
        assertThat(Forecast.of(new Balance.First(), THREE, from(1)))
                .isEqualTo(new Told.Chosen("a", "the first in order"));
    }

    @Test
    void oneAloneIsCertainAndNoneIsNot() {
        assertThat(Forecast.of(new Balance.RandomTwo(), THREE.subList(1, 2), from(1)))
                .isEqualTo(new Told.Chosen("b", "the only one that may take it"));
        assertThat(Forecast.of(new Balance.First(), List.of(), from(1)))
                .isEqualTo(new Told.Open("no server may take it"));
    }

    @Test
    void whatNobodyCanForeseeIsSaidToBeOpen() {
        for (Balance each :
                List.of(
                        new Balance.RoundRobin(),
                        new Balance.LeastConnections(),
                        new Balance.RandomTwo(),
                        new Balance.UriHash(),
                        new Balance.HeaderHash("X-User"))) {
            assertThat(Forecast.of(each, THREE, from(1)))
                    .as(each.word())
                    .isInstanceOf(Told.Open.class);
        }
    }
}
