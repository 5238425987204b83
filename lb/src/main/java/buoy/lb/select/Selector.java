package buoy.lb.select;

import java.util.Collection;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Chooses among servers that may take new work. Immutable; any number of threads may ask.
 *
 * @param <S> a server
 */
public sealed interface Selector<S> permits RoundRobin, LeastConnections {

    /** A candidate with its share of the work, at least 1. */
    record Weighted<S>(S server, int weight) {
        public Weighted {
            if (weight < 1) {
                throw new IllegalArgumentException("weight " + weight + " is not positive");
            }
        }
    }

    /**
     * The next server.
     *
     * @param turn a count that the caller raises by one for each choice; may wrap
     * @param excluded not to be chosen again, tried in vain before
     * @return null if no candidate is left
     */
    @Nullable S select(int turn, Collection<S> excluded);

    /** In turns, by weight. */
    static <S> Selector<S> roundRobin(List<Weighted<S>> candidates) {
        return RoundRobin.of(candidates);
    }

    /** The one with the least of {@code load} for its weight. */
    static <S> Selector<S> leastConnections(List<Weighted<S>> candidates, ToIntFunction<S> load) {
        return new LeastConnections<>(candidates, load);
    }
}
