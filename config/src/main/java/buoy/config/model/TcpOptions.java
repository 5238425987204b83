package buoy.config.model;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * {@code tcp}: how soon a connection's kernel finds out that its peer is gone. What is empty is as
 * the kernel has it. Keep-alive itself is always on.
 *
 * @param idle silence after which the peer is asked whether it is there, in whole seconds (tcp(7),
 *     TCP_KEEPIDLE)
 * @param every between two such questions, in whole seconds (TCP_KEEPINTVL)
 * @param count questions without an answer until the connection is given up (TCP_KEEPCNT)
 * @param userTimeout how long what was sent may stay unacknowledged (RFC 5482, TCP_USER_TIMEOUT)
 */
public record TcpOptions(
        Optional<Duration> idle,
        Optional<Duration> every,
        OptionalInt count,
        Optional<Duration> userTimeout) {
    /** Everything as the kernel has it. */
    public static final TcpOptions KERNELS =
            new TcpOptions(
                    Optional.empty(), Optional.empty(), OptionalInt.empty(), Optional.empty());
}
