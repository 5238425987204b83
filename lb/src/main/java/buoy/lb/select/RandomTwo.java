package buoy.lb.select;

import java.util.Collection;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Of two servers drawn by weight, the one with less load for its weight (Mitzenmacher, "The Power
 * of Two Choices", 2001): nearly as even as the least of all, without looking at all, and several
 * balancers that know nothing of each other do not all rush to the same server.
 */
final class RandomTwo<S> implements Selector<S> {
    /** Draws that may meet the same or an excluded server before the next in line is taken. */
    private static final int DRAWS = 8;

    private final List<Weighted<S>> candidates;

    /** Each candidate as often as its weight says. */
    private final int[] lots;

    private final ToIntFunction<S> load;

    RandomTwo(List<Weighted<S>> candidates, ToIntFunction<S> load) {
        this.candidates = List.copyOf(candidates);
        this.lots = Turns.of(candidates.stream().mapToInt(Weighted::weight).toArray());
        this.load = load;
    }

    @Override
    public @Nullable S select(int turn, long key, Collection<S> excluded) {
        long random = Hash.mix(turn);
        int first = draw(random, -1, excluded);
        if (first < 0) {
            return null;
        }
        int second = draw(Hash.mix(~random), first, excluded);
        Weighted<S> one = candidates.get(first);
        if (second < 0) {
            return one.server();
        }
        Weighted<S> other = candidates.get(second);
        long ofOne = (load.applyAsInt(one.server()) + 1L) * other.weight();
        long ofOther = (load.applyAsInt(other.server()) + 1L) * one.weight();
        return ofOther < ofOne ? other.server() : one.server();
    }

    /** A candidate other than {@code not}; -1 if there is none. */
    private int draw(long random, int not, Collection<S> excluded) {
        int lot = 0;
        long next = random;
        for (int i = 0; i < DRAWS && lots.length > 0; i++) {
            lot = (int) Long.remainderUnsigned(next, lots.length);
            if (mayBe(lots[lot], not, excluded)) {
                return lots[lot];
            }
            next = Hash.mix(next + 1);
        }
        for (int i = 0; i < lots.length; i++) {
            lot = lot + 1 == lots.length ? 0 : lot + 1;
            if (mayBe(lots[lot], not, excluded)) {
                return lots[lot];
            }
        }
        return -1;
    }

    private boolean mayBe(int candidate, int not, Collection<S> excluded) {
        return candidate != not
                && (excluded.isEmpty() || !excluded.contains(candidates.get(candidate).server()));
    }
}
