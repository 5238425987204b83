package buoy.lb.select;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The first in order: the others stay idle until it is full or down. */
final class First<S> implements Selector<S> {
    private final List<Weighted<S>> candidates;

    First(List<Weighted<S>> candidates) {
        this.candidates = List.copyOf(candidates);
    }

    @Override
    public @Nullable S select(int turn, long key, Collection<S> excluded) {
        for (int i = 0; i < candidates.size(); i++) {
            S server = candidates.get(i).server();
            if (excluded.isEmpty() || !excluded.contains(server)) {
                return server;
            }
        }
        return null;
    }
}
