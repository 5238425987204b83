package buoy.daemon;

import buoy.config.model.VirtualRouter;
import buoy.config.model.VirtualRouter.Track;
import buoy.daemon.log.Fields;
import buoy.daemon.log.Log;
import buoy.daemon.status.Status;
import buoy.lb.BalancerStatus.WorkerStatus;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ObjIntConsumer;
import java.util.function.Supplier;

/**
 * Looks whether every worker still moves. A hung data plane must not keep the addresses, so each
 * virtual router tracks the workers as it tracks pools: fewer alive than there are is the last
 * resort. {@link #look} is called again and again by one thread.
 */
final class WorkerWatch {
    /** No pool can have this name. */
    static final String WORKERS = "(workers of this process)";

    private final Supplier<List<WorkerStatus>> workers;
    private final ObjIntConsumer<String> health;
    private final Log log;
    private final Set<Integer> stuck = new HashSet<>();

    WorkerWatch(Supplier<List<WorkerStatus>> workers, ObjIntConsumer<String> health, Log log) {
        this.workers = workers;
        this.health = health;
        this.log = log;
    }

    /** The routers with the workers among what they track. */
    Collection<VirtualRouter> tracking(Collection<VirtualRouter> routers) {
        int all = workers.get().size();
        health.accept(WORKERS, all - stuck.size()); // the routers wait for a first word
        return routers.stream().map(router -> tracking(router, all)).toList();
    }

    private static VirtualRouter tracking(VirtualRouter router, int workers) {
        List<Track> tracks = new ArrayList<>(router.tracks());
        tracks.add(new Track.PoolFault(WORKERS, workers));
        return router.withTracks(tracks);
    }

    void look() {
        boolean changed = false;
        List<WorkerStatus> now = workers.get();
        for (WorkerStatus worker : now) {
            boolean hangs = Status.isStuck(worker);
            if (hangs && stuck.add(worker.index())) {
                changed = true;
                log.error(
                        "worker",
                        "%d: has not moved for %d ms: its clients are not served, and the addresses are offered to peers"
                                .formatted(worker.index(), worker.sinceTick().toMillis()));
            } else if (!hangs && stuck.remove(worker.index())) {
                changed = true;
                log.info(
                        "worker",
                        worker.index() + ": moves again",
                        Fields.of("worker", worker.index()));
            }
        }
        if (changed) {
            health.accept(WORKERS, now.size() - stuck.size());
        }
    }
}
