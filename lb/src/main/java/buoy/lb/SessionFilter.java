package buoy.lb;

import buoy.lb.pool.Doing;
import java.util.Optional;

/**
 * Which sessions are asked for: all of it has to hold. Where several exchanges run side by side on
 * a connection, one of them is enough.
 *
 * @param server as {@code POOL/SERVER}
 */
public record SessionFilter(
        Optional<String> listener, Optional<String> pool, Optional<String> server) {
    public static final SessionFilter ALL =
            new SessionFilter(Optional.empty(), Optional.empty(), Optional.empty());

    boolean wantsListener(String name) {
        return listener.isEmpty() || listener.get().equals(name);
    }

    /** Whether it has to be known what a session is about. */
    boolean asksWhere() {
        return pool.isPresent() || server.isPresent();
    }

    boolean wants(Doing doing) {
        return (pool.isEmpty()
                        || doing.targets().stream().anyMatch(at -> at.pool().equals(pool.get())))
                && (server.isEmpty()
                        || doing.targets().stream()
                                .anyMatch(
                                        at ->
                                                at.server().isPresent()
                                                        && at.toString().equals(server.get())));
    }
}
