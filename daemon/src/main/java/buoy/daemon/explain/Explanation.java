package buoy.daemon.explain;

import java.util.List;
import java.util.Optional;

/**
 * What a request would meet, in the order in which it does.
 *
 * @param listener whose name it is
 * @param why it is this listener
 * @param certificate what the client is shown; empty without TLS
 * @param refused whether it ends in front of the routes
 * @param tried the routes, up to the one that takes it
 * @param outcome what is done, one sentence
 * @param besides what else may keep it, or is done with it
 * @param sent the lines of the head as a server gets it; empty where none does
 * @param pools where it may go, the usual one first
 */
public record Explanation(
        String listener,
        String why,
        Optional<String> certificate,
        boolean refused,
        List<TriedRoute> tried,
        String outcome,
        List<String> besides,
        List<String> sent,
        List<PoolPart> pools) {
    public Explanation {
        tried = List.copyOf(tried);
        besides = List.copyOf(besides);
        sent = List.copyOf(sent);
        pools = List.copyOf(pools);
    }

    /** The same, where the listener is paused as its buoy says. */
    public Explanation knowing(LivePools live) {
        String since = live.paused().get(listener);
        return since == null
                ? this
                : new Explanation(
                        listener,
                        "%s; paused since %s: who comes now is refused".formatted(why, since),
                        certificate,
                        refused,
                        tried,
                        outcome,
                        besides,
                        sent,
                        pools);
    }

    /**
     * One route that was looked at.
     *
     * @param number in the order of the file, from 0, as in {@code routes[0]}
     * @param asks what of it has to hold; nothing where it takes everything
     * @param misses what does not; it fits if there is none
     */
    public record TriedRoute(int number, List<String> asks, List<String> misses) {
        public TriedRoute {
            asks = List.copyOf(asks);
            misses = List.copyOf(misses);
        }

        boolean fits() {
            return misses.isEmpty();
        }
    }

    /**
     * One pool.
     *
     * @param role in what way it comes in: {@code the pool}, {@code 90 of 100}, {@code fallback}
     * @param how its server is chosen
     * @param now what of the pool as a whole is so at this moment
     * @param choice which server it would be, or why that cannot be told; empty where no running
     *     buoy was asked
     */
    public record PoolPart(
            String name,
            String role,
            String how,
            List<String> now,
            Optional<String> choice,
            List<ServerPart> servers) {
        public PoolPart {
            now = List.copyOf(now);
            servers = List.copyOf(servers);
        }
    }

    /**
     * One server.
     *
     * @param eligible whether it may take the request; empty where no running buoy was asked
     * @param why in the words of its status
     */
    public record ServerPart(String name, String address, Optional<Boolean> eligible, String why) {}
}
