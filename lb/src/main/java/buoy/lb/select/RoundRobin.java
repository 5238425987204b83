package buoy.lb.select;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes turns through a sequence worked out once, so that choosing is one array read. */
final class RoundRobin<S> implements Selector<S> {
    private final List<Weighted<S>> candidates;
    private final int[] sequence;

    private RoundRobin(List<Weighted<S>> candidates, int[] sequence) {
        this.candidates = List.copyOf(candidates);
        this.sequence = sequence;
    }

    static <S> RoundRobin<S> of(List<Weighted<S>> candidates) {
        int[] weights = candidates.stream().mapToInt(Weighted::weight).toArray();
        return new RoundRobin<>(candidates, Turns.of(weights));
    }

    @Override
    public @Nullable S select(int turn, long key, Collection<S> excluded) {
        int length = sequence.length;
        if (length == 0) {
            return null;
        }
        int at = Math.floorMod(turn, length);
        for (int i = 0; i < length; i++) {
            S server = candidates.get(sequence[at]).server();
            if (excluded.isEmpty() || !excluded.contains(server)) {
                return server;
            }
            at = at + 1 == length ? 0 : at + 1;
        }
        return null;
    }
}
