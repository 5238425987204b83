package buoy.lab;

import java.time.Duration;

/** Something that speaks VRRP on a host: keepalived or Buoy, so that a test can mix them. */
public interface VrrpDaemon {
    /** The process; killing it kills all of it. */
    Running process();

    Host host();

    /** Good-bye in good order: priority 0, addresses released. */
    default void stop() {
        process().stop(Duration.ofSeconds(20));
    }
}
