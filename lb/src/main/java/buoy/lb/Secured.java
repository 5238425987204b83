package buoy.lb;

import buoy.lb.listen.Securing;
import buoy.lb.pool.Protection;
import java.util.Map;

/**
 * What speaks TLS, by name.
 *
 * @param listeners with clients; those without TLS are left out
 * @param pools with servers and for checks; those without TLS may be left out
 */
public record Secured(Map<String, Securing> listeners, Map<String, Protection> pools) {
    /** Nobody speaks TLS. */
    public static final Secured NOTHING = new Secured(Map.of(), Map.of());

    public Secured {
        listeners = Map.copyOf(listeners);
        pools = Map.copyOf(pools);
    }
}
