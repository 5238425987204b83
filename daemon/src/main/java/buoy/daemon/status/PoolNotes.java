package buoy.daemon.status;

import buoy.lb.BalancerStatus.PoolStatus;
import java.util.ArrayList;
import java.util.List;

/** What there is to say about a pool beside its servers, each in a few words. */
final class PoolNotes {
    private PoolNotes() {}

    static List<String> of(PoolStatus pool) {
        List<String> notes = new ArrayList<>(List.of(pool.balance()));
        pool.servedBy().ifPresent(by -> notes.add("served by pool " + by));
        if (pool.waiting() > 0) {
            notes.add(Words.count(pool.waiting()) + " waiting");
        }
        return notes;
    }
}
