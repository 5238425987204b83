package buoy.daemon.history;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.daemon.json.JsonText;
import buoy.daemon.log.Fields;
import buoy.lb.Flows;
import buoy.lb.pool.Flow;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class HistoryTest {
    private final History history = new History();

    private static Flow flow(String name, long finished, long failed, long fast) {
        List<Long> latencies = new ArrayList<>(Collections.nCopies(Flow.BUCKETS, 0L));
        latencies.set(3, fast);
        return new Flow(name, finished, failed, latencies);
    }

    private void pool(long finished, long failed) {
        history.look(new Flows(List.of(), List.of(flow("app", finished, failed, finished))));
    }

    private Rate app() {
        return history.past().pools().getFirst();
    }

    @Test
    void eachStepIsWhatCameSinceTheOneBefore() {
        pool(1000, 0);
        assertThat(app().finished()).isEmpty();
        pool(1010, 1);
        pool(1010, 1);
        pool(1025, 3);
        assertThat(app().finished()).containsExactly(10, 0, 15);
        assertThat(app().failed()).containsExactly(1, 0, 2);
        assertThat(app().latencies().stream().mapToInt(column -> column.get(3)).sum())
                .isEqualTo(25);
        assertThat(app().allFailed()).isEqualTo(3);
    }

    @Test
    void countsThatBeginAnewAreNoFlow() {
        pool(1000, 0);
        pool(5, 0);
        pool(8, 0);
        assertThat(app().finished()).containsExactly(0, 3);
    }

    @Test
    void tenMinutesAreKeptAndNoMore() {
        for (long i = 0; i <= 3 * Past.STEPS + 7; i++) {
            pool(i * (i - 1) / 2, 0);
        }
        assertThat(app().finished()).hasSize(Past.STEPS).startsWith(2 * Past.STEPS + 7);
        assertThat(app().finished().getLast()).isEqualTo(3 * Past.STEPS + 6);
        assertThat(app().latencies()).hasSize(Past.COLUMNS);
        List<Integer> full = app().latencies().get(Past.COLUMNS / 2);
        assertThat(full.get(3)).isEqualTo(full.stream().mapToInt(Integer::intValue).sum());
    }

    @Test
    void whatIsRemovedIsForgottenAndManyAreBounded() {
        pool(1, 0);
        List<Flow> many = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            many.add(flow("pool-" + i, 0, 0, 0));
        }
        history.look(new Flows(many, many));
        assertThat(history.past().pools()).hasSize(History.MOST_FLOWS);
        assertThat(history.past().pools().getFirst().name()).isEqualTo("pool-0");
        history.look(new Flows(List.of(), List.of()));
        assertThat(history.past().listeners()).isEmpty();
    }

    private void routerSaid(String name, String from, String to) {
        history.said("router-state", "", Fields.of("router", name).and("from", from).and("to", to));
    }

    @Test
    void theLastChangesOfEachThingAreKept() {
        routerSaid("web", "initialize", "backup");
        routerSaid("web", "backup", "active");
        history.said(
                "server",
                "",
                Fields.of("pool", "app").and("server", "a1").and("from", "up").and("to", "down"));
        history.said("server", "ejected", Fields.of("pool", "app").and("server", "a1"));
        history.said("name", "", Fields.of("name", "x").and("from", "a").and("to", "b"));
        Past past = history.past();
        assertThat(past.routers().get("web"))
                .extracting(Change::to)
                .containsExactly("backup", "active");
        assertThat(past.servers().get("app/a1")).extracting(Change::to).containsExactly("down");
        for (int i = 0; i < 100; i++) {
            routerSaid("web", "backup", "fault");
        }
        assertThat(history.past().routers().get("web")).hasSize(History.MOST_CHANGES);
    }

    @Test
    void itIsToldAsJson() {
        pool(0, 0);
        pool(7, 0);
        routerSaid("web", "initialize", "backup");
        assertThat(HistoryJson.of(history.past(), new JsonText()))
                .contains(
                        "\"step-seconds\":5",
                        "\"pools\":{\"app\":{\"finished\":[7],\"failed\":[0],\"latencies\":[[0,0,0,7,",
                        "\"latency-below-seconds\":[2.5E-4,5.0E-4,0.001,",
                        "\"from\":\"initialize\",\"to\":\"backup\"");
    }
}
