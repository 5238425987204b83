package buoy.vrrp;

import buoy.vrrp.core.Ticks;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * What is amiss on the network of one router. Each kind is kept once, with what was seen of it
 * last: whatever arrives, there are no more than there are kinds.
 */
final class Warnings {
    /** How long one is shown; longer than the pause between two looks of a monitor. */
    static final Duration SHOWN = Duration.ofMinutes(1);

    private static final Duration BETWEEN_DETAILS = Duration.ofSeconds(1);

    private record Seen(String detail, Ticks at, Ticks detailedAt) {}

    private final Map<String, Seen> latest = new LinkedHashMap<>();
    private final Supplier<String> router;
    private final VrrpObserver observer;

    Warnings(Supplier<String> router, VrrpObserver observer) {
        this.router = router;
        this.observer = observer;
    }

    /** Notes that it was seen, and says so where that is news. */
    void warn(String kind, Supplier<String> detail, Ticks now) {
        if (note(kind, detail, now)) {
            String words = Objects.requireNonNull(latest.get(kind)).detail();
            observer.on(new VrrpEvent.Warned(router.get(), kind, words));
        }
    }

    /** Notes that it was seen, where another event says so; whether it is news. */
    boolean note(String kind, Supplier<String> detail, Ticks now) {
        Seen before = latest.get(kind);
        boolean isNews = before == null || now.isAtOrAfter(before.at().plus(SHOWN));
        // In words once a second at most: it may be seen with each packet of a flood.
        Seen seen =
                before == null || now.isAtOrAfter(before.detailedAt().plus(BETWEEN_DETAILS))
                        ? new Seen(detail.get(), now, now)
                        : new Seen(before.detail(), now, before.detailedAt());
        latest.put(kind, seen);
        return isNews;
    }

    List<RouterStatus.Warning> shown(Ticks now) {
        return latest.entrySet().stream()
                .filter(entry -> !now.isAtOrAfter(entry.getValue().at().plus(SHOWN)))
                .map(
                        entry ->
                                new RouterStatus.Warning(
                                        entry.getKey(),
                                        entry.getValue().detail(),
                                        now.since(entry.getValue().at())))
                .toList();
    }
}
