package buoy.config.model;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * {@code process}: settings of the program as a whole.
 *
 * @param user to become; empty means whoever started it
 * @param workers event loops; empty means one for each core this process may use
 * @param drain how long a stop or a removed listener lets live exchanges and sessions finish
 * @param maxConnections client connections over all listeners; empty means derived from the file
 *     limit
 * @param stateDirectory where it keeps what has to outlive it, such as keys that it made
 * @param realTime schedule the VRRP thread SCHED_RR and lock memory on fault, where permitted
 * @param nameServers asked for the addresses of servers, best first; none means those of {@code
 *     /etc/resolv.conf}
 */
public record ProcessSettings(
        Optional<String> user,
        OptionalInt workers,
        Transport transport,
        Duration drain,
        OptionalInt maxConnections,
        Path stateDirectory,
        boolean realTime,
        List<Endpoint> nameServers) {
    public ProcessSettings {
        nameServers = List.copyOf(nameServers);
    }

    /** As whoever started it, with the host's own name servers. */
    public ProcessSettings(
            OptionalInt workers,
            Transport transport,
            Duration drain,
            OptionalInt maxConnections,
            Path stateDirectory,
            boolean realTime) {
        this(
                Optional.empty(),
                workers,
                transport,
                drain,
                maxConnections,
                stateDirectory,
                realTime,
                List.of());
    }

    /** How sockets are polled. {@code AUTO} is epoll where it loads, else NIO. */
    public enum Transport {
        AUTO,
        EPOLL,
        NIO
    }
}
