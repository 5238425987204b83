package buoy.lb.postgres;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the servers of each pool said last when they were asked for TLS: what one will say that
 * nobody can ask now, because there is none for the moment. Outlives a reload.
 */
final class TlsHabits {
    private final Map<String, Boolean> byPool = new ConcurrentHashMap<>();

    void heard(String pool, boolean tls) {
        if (!Boolean.valueOf(tls).equals(byPool.get(pool))) {
            byPool.put(pool, tls);
        }
    }

    /** Whether they spoke TLS; empty if none was asked yet. */
    Optional<Boolean> of(String pool) {
        return Optional.ofNullable(byPool.get(pool));
    }
}
