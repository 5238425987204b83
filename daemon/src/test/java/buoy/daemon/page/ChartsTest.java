package buoy.daemon.page;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.daemon.history.Change;
import buoy.daemon.history.Past;
import buoy.daemon.history.Rate;
import buoy.daemon.status.Samples;
import buoy.lb.pool.Flow;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is drawn of a history that is known. */
public class ChartsTest {
    private static String states(Change... changes) {
        Html out = new Html();
        Charts.states(List.of(changes), Samples.NOW, "web", out);
        return out.toString();
    }

    private static Change change(int minutesAgo, String from, String to) {
        return new Change(Samples.NOW.minusSeconds(60L * minutesAgo), from, to);
    }

    private static List<Integer> column(int bucket, int count) {
        List<Integer> column = new ArrayList<>(Collections.nCopies(Flow.BUCKETS, 0));
        column.set(bucket, count);
        return column;
    }

    @Test
    void aLineHasAStepForEachNumberAndEndsNow() {
        assertThat(Charts.line(List.of(0, 50, 50, 100), 100)).isEqualTo("M232 39H234V20H238V1H240");
        assertThat(Charts.line(List.of(Integer.MAX_VALUE), Integer.MAX_VALUE))
                .isEqualTo("M238 1H240");
    }

    @Test
    void whatFailedIsALineOfItsOwn() {
        Html out = new Html();
        Charts.rate(new Rate("app", List.of(8, 6), List.of(0, 2), List.of()), "<words>", out);
        assertThat(out.toString())
                .isEqualTo(
                        "<svg viewBox=\"0 0 240 40\" role=\"img\" aria-label=\"&lt;words&gt;\">"
                                + "<path class=\"rate\" d=\"M236 1H240h2V42H236Z\"/>"
                                + "<path class=\"failed\" d=\"M236 39H238V30H240\"/></svg>");
    }

    @Test
    void aCellIsTheStrongerTheMoreItHasAndEqualOnesAreOne() {
        String[] levels =
                Charts.levels(
                        List.of(column(0, 1000), column(0, 1000), column(15, 1), column(1, 40)));
        assertThat(levels).containsExactly("M232 2h4", "", "M236 58h4", "M224 62h8");
    }

    @Test
    void statesFollowEachOtherAndAShortFaultIsSeen() {
        assertThat(states(change(10, "initialize", "backup"), change(4, "backup", "active")))
                .contains(
                        "<path class=\"good\" d=\"M356 4H360\"/>",
                        "<path class=\"calm\" d=\"M350 4H356\"/>");
        assertThat(
                        states(
                                change(700, "initialize", "active"),
                                change(60, "active", "fault"),
                                change(60, "fault", "active")))
                .contains(
                        "<path class=\"good\" d=\"M0 4H300M300 4H360\"/>",
                        "<path class=\"bad\" d=\"M300 4H301\"/>");
        assertThat(states(change(0, "unknown", "up")))
                .as("what has just begun")
                .contains("<path class=\"good\" d=\"M357 4H360\"/>");
    }

    /** Full of what can be: as much as a page may show. */
    public static Past busy(int pools) {
        List<Rate> rates = new ArrayList<>();
        for (int p = 0; p < pools; p++) {
            List<Integer> finished = new ArrayList<>();
            List<Integer> failed = new ArrayList<>();
            List<List<Integer>> latencies = new ArrayList<>();
            for (int i = 0; i < Past.STEPS; i++) {
                double wave = Math.sin(i / 9.0 + p) + 1.4;
                finished.add((int) (900 * wave) + i * 37 % 101);
                failed.add(i > 80 && i < 90 ? 200 : 0);
                if (i % 2 == 0) {
                    List<Integer> column = new ArrayList<>();
                    for (int b = 0; b < Flow.BUCKETS; b++) {
                        int peak = i > 80 && i < 90 ? 9 : 3;
                        column.add((int) (2000 * wave * Math.exp(-Math.pow(b - peak, 2) / 1.7)));
                    }
                    latencies.add(column);
                }
            }
            rates.add(new Rate("app-" + p, finished, failed, latencies));
        }
        Instant now = Samples.NOW;
        List<Change> changes = new ArrayList<>();
        String state = "backup";
        for (int minutes : List.of(330, 240, 239, 90, 12)) {
            String next =
                    state.equals("backup") ? "active" : state.equals("active") ? "fault" : "backup";
            changes.add(new Change(now.minusSeconds(60L * minutes), state, next));
            state = next;
        }
        return new Past(
                rates.subList(0, Math.min(2, rates.size())),
                rates,
                Map.of("web", changes),
                Map.of(
                        "app/a1",
                        List.of(change(350, "unknown", "up")),
                        "app/a2",
                        List.of(
                                change(350, "unknown", "up"),
                                change(200, "up", "down"),
                                change(150, "down", "up"))));
    }

    @Test
    void aPageFullOfChartsWeighsLittleAndSaysInWordsWhatTheyShow() {
        String page =
                Page.of(
                        new Picture(Samples.good(), List.of(), true, busy(40)),
                        Optional.of("token"));
        assertThat(page.getBytes(StandardCharsets.UTF_8).length).isLessThan(150_000);
        assertThat(page)
                .contains(
                        " more: pools (<a href=\"/api/v1/history\">",
                        "aria-label=\"router web: ",
                        "aria-label=\"Latency of pool app-0: most answers in less than ",
                        "app/a2: up since 09:30, 3 changes")
                .doesNotContain("style=\"");
    }
}
