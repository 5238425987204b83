package buoy.lb.http;

import buoy.lb.pool.Pool;
import buoy.lb.select.Selector;
import buoy.lb.select.Selector.Weighted;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Pools that share the requests of a route, as servers share those of a pool: in turns. On each
 * worker, every run of as many requests as the shares sum up to is divided exactly.
 */
final class Split {
    private final Selector<Pool> shares;

    /** Whose turn it is on each worker; each touches its own alone. */
    private final AtomicIntegerArray turns;

    /**
     * @param shares at least one
     */
    Split(List<Weighted<Pool>> shares, int workers) {
        this.shares = Selector.roundRobin(shares);
        this.turns = new AtomicIntegerArray(workers);
    }

    Pool next(int worker) {
        int turn = turns.getPlain(worker);
        turns.setPlain(worker, turn + 1);
        return Objects.requireNonNull(shares.select(turn, Selector.NO_KEY, List.of()));
    }
}
