package buoy.lb.udp;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Sessions by whom they are with, the longest silent first. Pure: times come in, as {@link
 * System#nanoTime} has them, and never go back.
 *
 * @param <K> whom
 * @param <S> a session
 */
final class SessionTable<K, S> {
    private static final class Entry<S> {
        final S session;
        long heard;

        Entry(S session, long heard) {
            this.session = session;
            this.heard = heard;
        }
    }

    /** In the order of what was heard last. */
    private final LinkedHashMap<K, Entry<S>> entries = new LinkedHashMap<>(16, 0.75f, true);

    /** The session that something was heard of just now, from either side. */
    Optional<S> heard(K whom, long now) {
        Entry<S> entry = entries.get(whom);
        if (entry == null) {
            return Optional.empty();
        }
        entry.heard = now;
        return Optional.of(entry.session);
    }

    void add(K whom, S session, long now) {
        entries.put(whom, new Entry<>(session, now));
    }

    /** Does nothing if somebody else's stands there by now. */
    void remove(K whom, S session) {
        entries.computeIfPresent(whom, (_, entry) -> entry.session == session ? null : entry);
    }

    /** Takes the one out that was silent for longest. */
    Optional<S> removeLongestSilent() {
        return entries.isEmpty()
                ? Optional.empty()
                : Optional.of(entries.pollFirstEntry().getValue().session);
    }

    /** Takes one out that was silent for as long; to be asked until there is none. */
    Optional<S> removeSilent(long now, Duration patience) {
        OptionalLong left = untilSilent(now, patience);
        return left.isPresent() && left.getAsLong() <= 0 ? removeLongestSilent() : Optional.empty();
    }

    /** Nanoseconds until the next is silent for as long, if nothing is heard of it. */
    OptionalLong untilSilent(long now, Duration patience) {
        return entries.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(entries.firstEntry().getValue().heard + patience.toNanos() - now);
    }
}
