package buoy.daemon.page;

import buoy.lb.BalancerStatus;
import buoy.lb.BalancerStatus.PoolStatus;
import buoy.lb.BalancerStatus.ServerStatus;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Knows how much went through each server lately from the pictures that were taken for the page:
 * while nobody looks it does nothing, and the first picture after that shows no rates. Thread-safe.
 */
public final class PaceMaker {
    /** A rate is of no less, as one of a few milliseconds tells nothing. */
    static final Duration SHORTEST = Duration.ofMillis(500);

    /** Pictures that are taken more often are not kept. */
    static final Duration KEPT_EVERY = Duration.ofSeconds(2);

    /** A rate of longer ago is not that of now. */
    static final Duration LONGEST = Duration.ofSeconds(15);

    private Sample older = Sample.NONE;
    private Sample newer = Sample.NONE;

    /** What had gone through, by server, at a moment on the monotonic clock. */
    private record Sample(long nanos, Map<String, Long> counts) {
        static final Sample NONE = new Sample(0, Map.of());

        boolean isNone() {
            return counts.isEmpty();
        }
    }

    /**
     * The pace as of a picture, which is remembered for the next one.
     *
     * @param nanos when it was taken, on the monotonic clock
     */
    public synchronized Pace of(BalancerStatus status, long nanos) {
        Sample now = new Sample(nanos, counts(status));
        if (!within(LONGEST, older, nanos)) {
            older = Sample.NONE;
        }
        if (!within(LONGEST, newer, nanos)) {
            newer = Sample.NONE;
        }
        Sample from = older.isNone() ? newer : older;
        Pace pace = between(from, now);
        if (newer.isNone() || !within(KEPT_EVERY, newer, nanos)) {
            older = newer;
            newer = now;
        }
        return pace;
    }

    private static boolean within(Duration time, Sample sample, long nanos) {
        return !sample.isNone() && nanos - sample.nanos() < time.toNanos();
    }

    private static Map<String, Long> counts(BalancerStatus status) {
        Map<String, Long> counts = new HashMap<>();
        for (PoolStatus pool : status.pools()) {
            for (ServerStatus server : pool.servers()) {
                counts.put(
                        pool.name() + "/" + server.name(),
                        server.totals().finished() + server.totals().failed());
            }
        }
        return counts;
    }

    private static Pace between(Sample from, Sample now) {
        if (from.isNone() || within(SHORTEST, from, now.nanos())) {
            return Pace.NONE;
        }
        double seconds = (now.nanos() - from.nanos()) / 1e9;
        Map<String, Double> rates = new HashMap<>();
        now.counts()
                .forEach(
                        (server, count) -> {
                            Long before = from.counts().get(server);
                            // A server of the same name may be another one, which counts anew.
                            if (before != null && count >= before) {
                                rates.put(server, (count - before) / seconds);
                            }
                        });
        return new Pace(rates);
    }
}
