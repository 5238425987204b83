package buoy.vrrp;

import buoy.config.model.VirtualRouter;
import buoy.config.model.VirtualRouter.Track;
import buoy.vrrp.core.Priority;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The effective priority of a router, and what it is made of.
 *
 * @param contributions what made it differ from the configured one
 * @param unknown what is tracked and nobody has told about yet, such as {@code pool app}
 */
record Tracking(Priority effective, List<Contribution> contributions, List<String> unknown) {
    Tracking {
        contributions = List.copyOf(contributions);
        unknown = List.copyOf(unknown);
    }

    /**
     * Weighs what is known. Weights add up and are clamped to 1..254; a faulted pool makes it 1, a
     * last resort: the address is better here than nowhere. A pool nobody has told about
     * contributes nothing, and an owner (255) takes no weights.
     */
    static Tracking of(VirtualRouter router, Map<String, Integer> serversUp) {
        if (router.priority() == Priority.OWNER.value()) {
            return new Tracking(Priority.OWNER, List.of(), List.of());
        }
        List<Contribution> contributions = new ArrayList<>();
        int sum = router.priority();
        boolean faulted = false;
        for (Track track : router.tracks()) {
            Optional<Contribution> found = weigh(track, serversUp);
            if (found.isPresent()) {
                contributions.add(found.get());
                sum += found.get().amount();
                faulted |= track instanceof Track.PoolFault;
            }
        }
        int effective = faulted ? Priority.LAST_RESORT.value() : Math.clamp(sum, 1, 254);
        return new Tracking(new Priority(effective), contributions, unknown(router, serversUp));
    }

    private static List<String> unknown(VirtualRouter router, Map<String, Integer> serversUp) {
        return router.tracks().stream()
                .flatMap(track -> pool(track).stream())
                .distinct()
                .filter(pool -> !serversUp.containsKey(pool))
                .map(pool -> "pool " + pool)
                .toList();
    }

    private static Optional<String> pool(Track track) {
        return switch (track) {
            case Track.PoolFault(var pool, _) -> Optional.of(pool);
            case Track.PoolWeight(var pool, _, _) -> Optional.of(pool);
            case Track.ListenerDown _,
                    Track.InterfaceDown _,
                    Track.Script _,
                    Track.NumberInFile _,
                    Track.ProcessGone _ ->
                    Optional.empty();
        };
    }

    private static Optional<Contribution> weigh(Track track, Map<String, Integer> serversUp) {
        return switch (track) {
            case Track.PoolFault(var pool, var faultBelow) ->
                    below(pool, faultBelow, serversUp)
                            .map(cause -> new Contribution(cause + ": last resort", FAULT));
            case Track.PoolWeight(var pool, var below, var weight) ->
                    below(pool, below, serversUp).map(cause -> new Contribution(cause, weight));
            case Track.ListenerDown _,
                    Track.InterfaceDown _,
                    Track.Script _,
                    Track.NumberInFile _,
                    Track.ProcessGone _ ->
                    Optional.empty();
        };
    }

    /** More than any priority, so that the sum shows who decides. */
    private static final int FAULT = -254;

    private static Optional<String> below(String pool, int least, Map<String, Integer> serversUp) {
        Integer up = serversUp.get(pool);
        return up == null || up >= least
                ? Optional.empty()
                : Optional.of(
                        "pool %s has %d %s up, below %d"
                                .formatted(pool, up, up == 1 ? "server" : "servers", least));
    }
}
