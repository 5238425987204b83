package buoy.vrrp;

import buoy.vrrp.core.Advert;
import buoy.vrrp.core.Priority;
import buoy.vrrp.core.Ticks;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one router has heard, and what of it was news. Bounded whatever arrives: a stranger can make
 * counters grow, but neither memory nor a log.
 */
final class Heard {
    private static final int MOST_PEERS = 64;
    private static final Duration LONG_SILENCE = Duration.ofMinutes(1);
    private static final Duration FORGOTTEN = Duration.ofMinutes(10);
    private static final int MOST_SUBJECTS = 256;

    private record Peer(Priority priority, Duration interval, Ticks at) {}

    /** Something odd, and who shows it. */
    private record Subject(String kind, InetAddress peer) {}

    /** The last of its kind; words are made of it only if somebody asks. */
    private record Last(Ticks at, InetAddress from, Supplier<String> detail) {}

    private final Map<InetAddress, Peer> peers = new LinkedHashMap<>();
    private final Map<Subject, Ticks> lastOddity = new HashMap<>();
    private final Map<String, Last> last = new TreeMap<>();
    private final Map<String, Long> discarded = new HashMap<>();
    private final Map<String, Long> odd = new HashMap<>();
    private long received;

    /**
     * Notes an accepted advertisement.
     *
     * @return whether its sender is news
     */
    boolean accepted(Advert advert, InetAddress source, Ticks now) {
        received++;
        Peer before = peers.remove(source);
        boolean crowded = peers.size() >= MOST_PEERS;
        if (crowded) {
            peers.remove(peers.keySet().iterator().next());
        }
        peers.put(source, new Peer(advert.priority(), advert.interval(), now));
        return !crowded && (before == null || now.isAtOrAfter(before.at().plus(LONG_SILENCE)));
    }

    /** Notes a discarded message; whether its kind is news, whoever sent it. */
    boolean discarded(String kind, Supplier<String> detail, InetAddress source, Ticks now) {
        discarded.merge(kind, 1L, Long::sum);
        Last before = last.put(kind, new Last(now, source, detail));
        return isNews(before == null ? null : before.at(), now);
    }

    /** Notes something odd about an accepted advertisement; whether that is news. */
    boolean odd(String kind, Supplier<String> detail, InetAddress source, Ticks now) {
        odd.merge(kind, 1L, Long::sum);
        last.put(kind, new Last(now, source, detail));
        Subject subject = new Subject(kind, source);
        boolean room = lastOddity.size() < MOST_SUBJECTS || lastOddity.containsKey(subject);
        return room && isNews(lastOddity.put(subject, now), now);
    }

    private static boolean isNews(@Nullable Ticks before, Ticks now) {
        return before == null || now.isAtOrAfter(before.plus(FORGOTTEN));
    }

    List<RouterStatus.Peer> peers(Ticks now) {
        List<RouterStatus.Peer> latestFirst = new ArrayList<>();
        peers.forEach(
                (address, peer) ->
                        latestFirst.addFirst(
                                new RouterStatus.Peer(
                                        address,
                                        peer.priority().value(),
                                        peer.interval(),
                                        now.since(peer.at()))));
        return latestFirst;
    }

    /** The last of each kind that was discarded or odd. */
    List<RouterStatus.Remark> remarks(Ticks now) {
        return last.entrySet().stream()
                .map(
                        each ->
                                new RouterStatus.Remark(
                                        each.getKey(),
                                        each.getValue().from(),
                                        each.getValue().detail().get(),
                                        now.since(each.getValue().at())))
                .toList();
    }

    long received() {
        return received;
    }

    Map<String, Long> discarded() {
        return discarded;
    }

    Map<String, Long> odd() {
        return odd;
    }
}
