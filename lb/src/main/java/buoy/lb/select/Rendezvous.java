package buoy.lb.select;

import java.util.Collection;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The same key, the same server. Each server bids for the key, by weight, and the highest bid wins
 * (rendezvous hashing, Thaler and Ravishankar 1998; weighted after Schindelhauer and Schomaker
 * 2005). A bid depends on key and server alone: when a server leaves, its keys alone move, to their
 * next highest bidders; when one comes or gains weight, keys move to it and nowhere else.
 *
 * <p>A server with more than {@value #MOST_SHARES} times its share of what is under way is passed
 * over (bounded load, Mirrokni, Thorup and Zadimoghaddam 2018), so that one popular key cannot
 * drown one server; below {@value #QUIET} in flight it never is.
 */
final class Rendezvous<S> implements Selector<S> {
    private static final int MOST_SHARES = 2;
    private static final int QUIET = 16;

    private final List<Weighted<S>> candidates;
    private final long[] seeds;
    private final ToIntFunction<S> load;

    /**
     * @param identity of a server: the same on every host
     */
    Rendezvous(List<Weighted<S>> candidates, ToLongFunction<S> identity, ToIntFunction<S> load) {
        this.candidates = List.copyOf(candidates);
        this.seeds =
                candidates.stream()
                        .mapToLong(candidate -> identity.applyAsLong(candidate.server()))
                        .toArray();
        this.load = load;
    }

    @Override
    public @Nullable S select(int turn, long key, Collection<S> excluded) {
        long wanted = key == NO_KEY ? Hash.mix(turn) : key;
        long loads = 1;
        long weights = 0;
        for (int i = 0; i < candidates.size(); i++) {
            Weighted<S> candidate = candidates.get(i);
            if (excluded.isEmpty() || !excluded.contains(candidate.server())) {
                loads += load.applyAsInt(candidate.server());
                weights += candidate.weight();
            }
        }
        // While loads are read they change: if every server looks overloaded, the bid decides.
        S winner = null;
        double highest = Double.NEGATIVE_INFINITY;
        S bearing = null;
        double highestBearing = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < candidates.size(); i++) {
            Weighted<S> candidate = candidates.get(i);
            S server = candidate.server();
            if (!excluded.isEmpty() && excluded.contains(server)) {
                continue;
            }
            double bid = bid(wanted ^ seeds[i]) / candidate.weight();
            if (winner == null || bid > highest) {
                winner = server;
                highest = bid;
            }
            long bound = Math.ceilDiv(MOST_SHARES * loads * candidate.weight(), weights);
            if (load.applyAsInt(server) < Math.max(QUIET, bound)
                    && (bearing == null || bid > highestBearing)) {
                bearing = server;
                highestBearing = bid;
            }
        }
        return bearing == null ? winner : bearing;
    }

    /** The logarithm of a number in (0, 1) drawn by the hash: divided by weights it bids fairly. */
    private static double bid(long both) {
        return Math.log(((Hash.mix(both) >>> 11) + 0.5) * 0x1p-53);
    }
}
