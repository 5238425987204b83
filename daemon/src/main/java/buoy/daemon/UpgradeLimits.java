package buoy.daemon;

import buoy.config.model.Certificate;
import buoy.config.model.Config;
import java.util.ArrayList;
import java.util.List;

/** What cannot pass from one process to the next yet: an upgrade would lose it, and is refused. */
final class UpgradeLimits {
    private UpgradeLimits() {}

    /** A line for each thing in the way; empty if there is none. */
    static List<String> of(Config config, String transport) {
        List<String> all = new ArrayList<>();
        if (!config.routers().isEmpty()) {
            all.add(
                    "vrrp: virtual routers do not pass to another process (stop and start buoy: a peer takes the addresses meanwhile)");
        }
        if (config.peer().isPresent()) {
            all.add("peer: " + RESTART);
        }
        if (config.certificates().values().stream().anyMatch(Certificate.Acme.class::isInstance)) {
            all.add("certificates: those that are ordered: " + RESTART);
        }
        if (!transport.equals("epoll")) {
            all.add("process.transport: %s: %s".formatted(transport, RESTART));
        }
        return all;
    }

    private static final String RESTART = "does not pass to another process (stop and start buoy)";
}
