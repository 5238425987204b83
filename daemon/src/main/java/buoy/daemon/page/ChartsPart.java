package buoy.daemon.page;

import buoy.daemon.history.Change;
import buoy.daemon.history.Past;
import buoy.daemon.history.Rate;
import buoy.daemon.status.Words;
import buoy.lb.BalancerStatus.PoolStatus;
import buoy.lb.BalancerStatus.ServerStatus;
import buoy.lb.pool.Flow;
import buoy.vrrp.RouterStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.BiConsumer;

/** What was: ten minutes of traffic, six hours of states. */
final class ChartsPart {
    /** Of listeners, of pools: a page is for people. */
    static final int MOST_RATES = 12;

    static final int MOST_STATES = 64;

    /** In characters, of listeners, of pools and of states. */
    private static final int ROOM_FOR_LISTENERS = 8 * 1024;

    private static final int ROOM_FOR_POOLS = 22 * 1024;
    private static final int ROOM_FOR_STATES = 9 * 1024;

    private ChartsPart() {}

    static void write(Picture picture, Html out) {
        Past past = picture.past();
        if (!past.listeners().isEmpty() || !past.pools().isEmpty()) {
            out.title("The last ten minutes").raw("<div class=\"cards charts\">\n");
            Fold<Rate> listeners =
                    rates(past.listeners(), ROOM_FOR_LISTENERS, ChartsPart::listener, out);
            Fold<Rate> pools = rates(past.pools(), ROOM_FOR_POOLS, ChartsPart::pool, out);
            out.raw("</div>\n");
            listeners.rest("listeners", Fold.HISTORY, out);
            pools.rest("pools", Fold.HISTORY, out);
        }
        states(picture, out);
    }

    private static Fold<Rate> rates(
            List<Rate> rates, int room, BiConsumer<Rate, Html> write, Html out) {
        Fold<Rate> fold = Fold.of(rates, MOST_RATES, room, _ -> 0, write);
        fold.write(out);
        return fold;
    }

    private static void listener(Rate rate, Html out) {
        figure("Listener " + rate.name(), rate, out);
        out.raw("</figure>\n");
    }

    private static void pool(Rate rate, Html out) {
        figure("Pool " + rate.name(), rate, out);
        OptionalInt most = mostFrequent(rate);
        if (most.isPresent()) {
            String label =
                    "Latency of pool %s: most answers in less than %s, the slowest in less than %s"
                            .formatted(rate.name(), below(most.getAsInt()), below(slowest(rate)));
            out.raw("<figcaption>");
            out.soft("span", "Time to the first byte, most below " + below(most.getAsInt()));
            out.raw("</figcaption>");
            Charts.heat(rate, label, out);
        }
        out.raw("</figure>\n");
    }

    private static void figure(String what, Rate rate, Html out) {
        String words = words(rate);
        out.raw("<figure class=\"card\"><figcaption>").in("strong", what);
        out.raw(" ").soft("span", words).raw("</figcaption>");
        Charts.rate(rate, what + ": " + words, out);
    }

    /** Exchanges and sessions a second. */
    private static String words(Rate rate) {
        List<Double> all = new ArrayList<>();
        for (int i = 0; i < rate.finished().size(); i++) {
            all.add(
                    (rate.finished().get(i) + rate.failed().get(i))
                            / (double) Past.STEP.toSeconds());
        }
        String words =
                all.isEmpty()
                        ? "nothing is known yet"
                        : "%s/s now, %s/s at most"
                                .formatted(
                                        Words.rate(all.getLast()),
                                        Words.rate(all.stream().max(Double::compare).orElse(0.0)));
        return rate.allFailed() == 0
                ? words
                : words + ", " + Words.count(rate.allFailed()) + " failed";
    }

    private static OptionalInt mostFrequent(Rate rate) {
        long[] sums = sums(rate);
        int most = 0;
        for (int i = 0; i < sums.length; i++) {
            most = sums[i] > sums[most] ? i : most;
        }
        return sums[most] > 0 ? OptionalInt.of(most) : OptionalInt.empty();
    }

    private static int slowest(Rate rate) {
        long[] sums = sums(rate);
        int slowest = 0;
        for (int i = 0; i < sums.length; i++) {
            slowest = sums[i] > 0 ? i : slowest;
        }
        return slowest;
    }

    private static long[] sums(Rate rate) {
        long[] sums = new long[Flow.BUCKETS];
        for (List<Integer> column : rate.latencies()) {
            for (int i = 0; i < sums.length; i++) {
                sums[i] += column.get(i);
            }
        }
        return sums;
    }

    private static String below(int bucket) {
        return Words.latency(Duration.ofNanos(1000 * Flow.belowMicros(bucket)));
    }

    /** Of what is configured now, and has changed since the process started. */
    private static void states(Picture picture, Html out) {
        Past past = picture.past();
        List<Map.Entry<String, List<Change>>> all = new ArrayList<>();
        for (RouterStatus router : picture.status().routers()) {
            List<Change> changes = past.routers().getOrDefault(router.name(), List.of());
            all.add(Map.entry("router " + router.name(), changes));
        }
        for (PoolStatus pool : picture.status().balancer().pools()) {
            for (ServerStatus server : pool.servers()) {
                String name = pool.name() + "/" + server.name();
                all.add(Map.entry(name, past.servers().getOrDefault(name, List.of())));
            }
        }
        all.removeIf(each -> each.getValue().isEmpty());
        if (all.isEmpty()) {
            return;
        }
        out.title("States in the last six hours").raw("<ul class=\"card states\">\n");
        Fold<Map.Entry<String, List<Change>>> rows =
                Fold.of(
                        all,
                        MOST_STATES,
                        ROOM_FOR_STATES,
                        each -> -each.getValue().getLast().at().getEpochSecond(),
                        (each, row) ->
                                row(each.getKey(), each.getValue(), picture.status().at(), row));
        rows.write(out);
        out.raw("</ul>\n");
        rows.rest(
                rows.count(each -> each.getValue().getLast().to()) + " since longer",
                Fold.HISTORY,
                out);
    }

    private static void row(String name, List<Change> changes, Instant now, Html out) {
        Instant start = now.minus(Charts.WINDOW);
        long times = changes.stream().filter(each -> each.at().isAfter(start)).count();
        Change last = changes.getLast();
        String words =
                "%s since %s, %s"
                        .formatted(
                                last.to(),
                                last.at().toString().substring(11, 16),
                                times == 1 ? "1 change" : times + " changes");
        out.raw("<li>").in("span", name);
        Charts.states(changes, now, name + ": " + words, out);
        out.soft("span", words).raw("</li>\n");
    }
}
