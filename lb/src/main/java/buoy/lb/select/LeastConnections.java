package buoy.lb.select;

import java.util.Collection;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** The server with the fewest connections for its weight; equals take turns. */
final class LeastConnections<S> implements Selector<S> {
    private final List<Weighted<S>> candidates;
    private final ToIntFunction<S> load;

    LeastConnections(List<Weighted<S>> candidates, ToIntFunction<S> load) {
        this.candidates = List.copyOf(candidates);
        this.load = load;
    }

    @Override
    public @Nullable S select(int turn, long key, Collection<S> excluded) {
        int size = candidates.size();
        S best = null;
        long bestLoad = 0;
        int bestWeight = 1;
        int at = size == 0 ? 0 : Math.floorMod(turn, size);
        for (int i = 0; i < size; i++) {
            Weighted<S> candidate = candidates.get(at);
            at = at + 1 == size ? 0 : at + 1;
            if (!excluded.isEmpty() && excluded.contains(candidate.server())) {
                continue;
            }
            // What the load would be with the new one; otherwise any idle server equals any other,
            // whatever its weight.
            long next = load.applyAsInt(candidate.server()) + 1L;
            if (best == null || next * bestWeight < bestLoad * candidate.weight()) {
                best = candidate.server();
                bestLoad = next;
                bestWeight = candidate.weight();
            }
        }
        return best;
    }
}
