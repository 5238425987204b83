package buoy.lb.http.route;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Listener.Conditions;
import buoy.config.model.Listener.Match;
import buoy.config.model.Listener.PathMatch;
import buoy.lb.http.head.RequestHead;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a route costs among many: a look-up, not a scan. */
class LookUpCostTest {
    private static final int MANY = 10_000;
    private static final int LOOK_UPS = 20_000;

    /** A scan would cost a thousand times as much; a cold cache and a busy machine do not. */
    private static final int FACTOR = 50;

    private final RouteTable.Scratch scratch = new RouteTable.Scratch();

    @Test
    void theLastOfTenThousandIsFoundAsFastAsTheLastOfTen() {
        RouteTable few = table(10);
        RouteTable many = table(MANY);
        for (int warm = 0; warm < 3; warm++) {
            var _ = nanos(few, 10);
            var _ = nanos(many, MANY);
        }
        assertThat(nanos(many, MANY)).isLessThan(nanos(few, 10) * FACTOR);
    }

    /** Ten paths for each host; each asks for a method besides. */
    private static RouteTable table(int routes) {
        return new RouteTable(
                IntStream.range(0, routes)
                        .mapToObj(
                                i ->
                                        new Match(
                                                Optional.of("app" + i / 10 + ".example.com"),
                                                Optional.of(
                                                        new PathMatch.Prefix("/api/v" + i % 10)),
                                                new Conditions(
                                                        Set.of("GET"),
                                                        Map.of(),
                                                        Map.of(),
                                                        List.of())))
                        .toList());
    }

    /** The least of five times that many look-ups of the last route. */
    private long nanos(RouteTable table, int routes) {
        int last = routes - 1;
        RequestHead head =
                Subjects.head(
                        "GET /api/v%d/x HTTP/1.1\nHost: app%d.example.com\n\n"
                                .formatted(last % 10, last / 10));
        long least = Long.MAX_VALUE;
        for (int turn = 0; turn < 5; turn++) {
            long start = System.nanoTime();
            for (int i = 0; i < LOOK_UPS; i++) {
                if (table.find(head, Subjects.CLIENT, scratch) != last) {
                    throw new AssertionError("another route");
                }
            }
            least = Math.min(least, System.nanoTime() - start);
        }
        return least;
    }
}
