package buoy.config;

import buoy.config.model.Pool;
import buoy.config.model.VirtualRouter.Track;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** An item of {@code vrrp.NAME.track} that names a pool. */
final class PoolTrackReader {
    private static final int MAX_SERVERS = 10_000;

    private final Set<String> poolNames;
    private final Map<String, Pool> pools;

    PoolTrackReader(Set<String> poolNames, Map<String, Pool> pools) {
        this.poolNames = poolNames;
        this.pools = pools;
    }

    Optional<Track> read(Section s) {
        Optional<String> pool = s.required("pool", Words.nameOf("pool", poolNames));
        boolean fault = s.has("fault-below");
        boolean byWeight = s.has("below") || s.has("weight");
        if (fault && byWeight) {
            s.reject("fault-below", "cannot stand beside below and weight (write two items)");
        } else if (!fault && !byWeight) {
            s.problems()
                    .reject(
                            s.place(),
                            s.path(),
                            "does not say what follows (add fault-below, or below and weight)");
        }
        Format<Integer> servers = Numbers.between(1, MAX_SERVERS);
        Optional<Integer> faultBelow = s.optional("fault-below", servers);
        Optional<Integer> below =
                byWeight && !fault ? s.required("below", servers) : s.optional("below", servers);
        Optional<Integer> weight =
                byWeight && !fault
                        ? s.required("weight", TrackReader.WEIGHT)
                        : s.optional("weight", TrackReader.WEIGHT);
        weight.filter(w -> w > 0)
                .ifPresent(
                        w ->
                                s.warn(
                                        "weight",
                                        "raises the priority when servers are missing (did you"
                                                + " mean -%d?)".formatted(w)));
        pool.map(pools::get).ifPresent(p -> judgeCounts(s, p, faultBelow, below));
        return pool.flatMap(
                name ->
                        fault
                                ? faultBelow.map(n -> new Track.PoolFault(name, n))
                                : below.flatMap(
                                        n -> weight.map(w -> new Track.PoolWeight(name, n, w))));
    }

    private static void judgeCounts(
            Section s, Pool pool, Optional<Integer> faultBelow, Optional<Integer> below) {
        int servers = pool.servers().size();
        faultBelow
                .filter(n -> n > servers)
                .ifPresent(
                        _ ->
                                s.reject(
                                        "fault-below",
                                        "pool %s has %d servers, so this router would always be in"
                                                        .formatted(pool.name(), servers)
                                                + " fault (write %d or less)".formatted(servers)));
        below.filter(n -> n > servers)
                .ifPresent(
                        _ ->
                                s.warn(
                                        "below",
                                        "pool %s has %d servers, so the weight always counts (lower"
                                                        .formatted(pool.name(), servers)
                                                + " below or priority)"));
    }
}
