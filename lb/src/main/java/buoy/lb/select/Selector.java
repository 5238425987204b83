package buoy.lb.select;

import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Chooses among servers that may take new work. Immutable; any number of threads may ask.
 *
 * @param <S> a server
 */
public sealed interface Selector<S>
        permits RoundRobin, LeastConnections, RandomTwo, Rendezvous, First {
    /** The key of work that may go to any server. */
    long NO_KEY = 0;

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
     * @param key a {@link Hash} of what the work belongs to, for selectors that send equal keys to
     *     one server; {@link #NO_KEY} where there is nothing
     * @param excluded not to be chosen again, tried in vain before
     * @return null if no candidate is left
     */
    @Nullable S select(int turn, long key, Collection<S> excluded);

    /** In turns, by weight. */
    static <S> Selector<S> roundRobin(List<Weighted<S>> candidates) {
        return RoundRobin.of(candidates);
    }

    /** The one with the least of {@code load} for its weight. */
    static <S> Selector<S> leastConnections(List<Weighted<S>> candidates, ToIntFunction<S> load) {
        return new LeastConnections<>(candidates, load);
    }

    /** Of two drawn by weight, the one with less of {@code load} for its weight. */
    static <S> Selector<S> randomTwo(List<Weighted<S>> candidates, ToIntFunction<S> load) {
        return new RandomTwo<>(candidates, load);
    }

    /** The same key, the same server, by weight, unless it has far more than its share to do. */
    static <S> Selector<S> byKey(
            List<Weighted<S>> candidates, Function<S, String> name, ToIntFunction<S> load) {
        return new Rendezvous<>(candidates, server -> Hash.of(name.apply(server)), load);
    }

    /** The first in order. */
    static <S> Selector<S> first(List<Weighted<S>> candidates) {
        return new First<>(candidates);
    }
}
