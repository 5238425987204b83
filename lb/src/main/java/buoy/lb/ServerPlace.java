package buoy.lb;

import buoy.config.model.ServerAddress;
import buoy.lb.pool.Whereabouts;

/**
 * A server, and where it is.
 *
 * @param whereabouts as far as is known now
 */
public record ServerPlace(
        String pool, String name, ServerAddress configured, Whereabouts whereabouts) {
    /** As it is named in commands: {@code POOL/SERVER}. */
    public String inFull() {
        return pool + "/" + name;
    }
}
