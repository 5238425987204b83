package buoy.config;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Things that only one may have, such as an address to bind. The second claim of the same thing is
 * a problem that names the first.
 */
final class Claims<K> {
    /** Who has it, as seen from a place that wants it too. */
    private interface Holder {
        String seenFrom(Place place);
    }

    private final Map<K, Holder> firsts = new HashMap<>();
    private final Problems problems;
    private final String remedy;

    /** {@code remedy} says what to do, without brackets. */
    Claims(Problems problems, String remedy) {
        this.problems = problems;
        this.remedy = remedy;
    }

    /** {@code what} names the thing in the message. */
    void claim(K key, Object what, Place place, String path) {
        claim(key, what, place, () -> path);
    }

    /** The same of one of many things, whose {@code path} is asked for in a message alone. */
    void claim(K key, Object what, Place place, Supplier<String> path) {
        Holder first =
                firsts.putIfAbsent(key, other -> path.get() + " in " + place.seenFrom(other));
        if (first != null) {
            problems.reject(
                    place,
                    path.get(),
                    "%s is already used by %s (%s)".formatted(what, first.seenFrom(place), remedy));
        }
    }

    /** Claims what is taken without being written anywhere; {@code by} names who takes it. */
    void claimUnwritten(K key, String by) {
        firsts.putIfAbsent(key, _ -> by);
    }
}
