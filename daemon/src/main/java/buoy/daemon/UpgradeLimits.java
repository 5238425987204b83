package buoy.daemon;

import java.util.Optional;

/** What cannot pass from one process to the next: an upgrade would lose it, and is refused. */
final class UpgradeLimits {
    private UpgradeLimits() {}

    /**
     * What is in the way; empty if nothing is.
     *
     * @param transport of the balancer's sockets
     */
    static Optional<String> of(String transport) {
        return transport.equals("epoll")
                ? Optional.empty()
                : Optional.of(
                        "process.transport: %s: sockets do not pass to another process (stop and start buoy)"
                                .formatted(transport));
    }
}
