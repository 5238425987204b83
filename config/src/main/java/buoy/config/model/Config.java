package buoy.config.model;

import java.util.Map;
import java.util.Optional;

/**
 * Everything the operator wrote, with defaults filled in and every reference resolved to a name
 * that exists. Maps keep the order of the file.
 */
public record Config(
        LogSettings log,
        ProcessSettings process,
        AdminSettings admin,
        StatsSettings stats,
        Optional<Peer> peer,
        Map<String, VirtualRouter> routers,
        Map<String, Certificate> certificates,
        Map<String, Listener> listeners,
        Map<String, Pool> pools) {
    public Config {
        routers = Ordered.copy(routers);
        certificates = Ordered.copy(certificates);
        listeners = Ordered.copy(listeners);
        pools = Ordered.copy(pools);
    }
}
