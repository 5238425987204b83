package buoy.daemon.status;

import buoy.config.model.AddressText;
import buoy.vrrp.RouterStatus;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What there is to say about one router beyond its state, a line each: the text and the page. */
public final class RouterWords {
    private RouterWords() {}

    /** How it speaks, and what it waits for. */
    public static String timers(RouterStatus router) {
        String learnt =
                router.activeInterval().equals(router.interval())
                        ? ""
                        : " (the active router every %s)"
                                .formatted(Words.latency(router.activeInterval()));
        return "version %d, every %s%s, skew %s, takes over after %s of silence%s%s"
                .formatted(
                        router.version(),
                        Words.latency(router.interval()),
                        learnt,
                        Words.latency(router.skew()),
                        Words.latency(router.activeDown()),
                        router.untilNext()
                                .map(next -> ", acts in " + Words.latency(positive(next)))
                                .orElse(""),
                        router.sources().isEmpty()
                                ? ""
                                : ", speaks from " + addresses(router.sources()));
    }

    private static Duration positive(Duration duration) {
        return duration.isNegative() ? Duration.ZERO : duration;
    }

    private static String addresses(List<InetAddress> addresses) {
        return addresses.stream().map(AddressText::of).collect(Collectors.joining(" and "));
    }

    /**
     * One reason for the effective priority, or one thing tracked that is none now.
     *
     * @param effect such as {@code -60}, {@code last resort}, {@code 0}
     * @param cause what it is, and what is wrong with it if something is
     * @param spoils whether it makes the effective priority another than the configured one
     */
    public record Effect(String effect, String cause, boolean spoils) {}

    /** What the effective priority is made of: first what counts, then what is tracked and well. */
    public static List<Effect> effects(RouterStatus router) {
        List<Effect> effects = new ArrayList<>();
        router.contributions()
                .forEach(each -> effects.add(new Effect(each.effect(), each.cause(), true)));
        router.tracked().stream()
                .filter(item -> item.contribution().isEmpty())
                .map(
                        item ->
                                new Effect(
                                        item.known() ? "0" : "unknown",
                                        item.subject().inWords(),
                                        false))
                .distinct()
                .forEach(effects::add);
        return effects;
    }

    /** Warnings by name. */
    public static List<String> warnings(RouterStatus router) {
        return router.warnings().stream()
                .map(
                        each ->
                                "%s: %s, %s ago"
                                        .formatted(
                                                each.kind(), each.detail(), Words.span(each.ago())))
                .toList();
    }

    /** Group, peers and counters. */
    public static List<String> details(RouterStatus router) {
        List<String> details = new ArrayList<>();
        router.group().ifPresent(group -> details.add("moves with group " + group));
        if (router.offering()) {
            details.add(
                    "has offered the addresses to its peers, and keeps them if nobody better speaks");
        }
        router.virtualLinks().forEach(link -> details.add(FloatingText.of(link)));
        router.routes().forEach(route -> details.add(FloatingText.of(route)));
        for (RouterStatus.Peer peer : router.peers()) {
            details.add(
                    "peer %s: priority %d, every %s, heard %s ago"
                            .formatted(
                                    AddressText.of(peer.address()),
                                    peer.priority(),
                                    Words.latency(peer.interval()),
                                    Words.span(peer.ago())));
        }
        details.add(
                "%s sent, %s received, %s announcements, %s for other routers"
                        .formatted(
                                Words.count(router.sent()),
                                Words.count(router.received()),
                                Words.count(router.announcements()),
                                Words.count(router.forOthers())));
        counts("discarded", router.discarded(), router.remarks(), details);
        counts("odd", router.odd(), router.remarks(), details);
        return details;
    }

    private static void counts(
            String what,
            Map<String, Long> counts,
            List<RouterStatus.Remark> remarks,
            List<String> details) {
        new TreeMap<>(counts)
                .forEach(
                        (kind, count) ->
                                details.add(
                                        "%s %s: %s%s"
                                                .formatted(
                                                        what,
                                                        kind,
                                                        Words.count(count),
                                                        last(kind, remarks))));
    }

    private static String last(String kind, List<RouterStatus.Remark> remarks) {
        Optional<RouterStatus.Remark> remark =
                remarks.stream().filter(each -> each.kind().equals(kind)).findFirst();
        return remark.map(
                        each ->
                                ", the last from %s %s ago: %s"
                                        .formatted(
                                                AddressText.of(each.from()),
                                                Words.span(each.ago()),
                                                each.detail()))
                .orElse("");
    }
}
