package buoy.lb.postgres;

import buoy.lb.pool.Server;
import buoy.lb.worker.Worker;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the process knows about cancelling: which server gave which key to a live session, and how
 * often servers may be asked about a key that nobody here has seen. Written once as a session
 * begins and once as it ends, by its worker; a CancelRequest may come to any other.
 */
final class Cancels {
    /** A server makes a process for each request, whether it knows the key or not. */
    private static final int PER_SECOND = 200;

    private static final int AT_ONCE = 50;

    /** Later than that nobody waits for it any more. */
    private static final Duration FARTHEST = Duration.ofSeconds(5);

    private final Map<CancelKey, Giver> given = new ConcurrentHashMap<>();
    private final Pace[] paces;

    Cancels(int workers) {
        paces = new Pace[workers];
        Arrays.setAll(paces, _ -> new Pace(PER_SECOND, AT_ONCE, FARTHEST.toNanos()));
    }

    /**
     * Who gave a key.
     *
     * @param at where the session is; the server may be elsewhere by now
     */
    record Giver(Server server, SocketAddress at) {}

    void given(CancelKey key, Giver by) {
        given.put(key, by);
    }

    /** The session is over. */
    void forget(CancelKey key, Giver by) {
        given.remove(key, by);
    }

    Optional<Giver> giver(CancelKey key) {
        return Optional.ofNullable(given.get(key));
    }

    /** The worker's own pace of asking in vain. */
    Pace pace(Worker worker) {
        return paces[worker.index()];
    }
}
