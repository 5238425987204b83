package buoy.config.model;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code pools.NAME}: servers that can stand in for each other.
 *
 * @param drain how long a removed server's live exchanges and sessions may finish
 * @param fallback the pool that serves while no server of this one is up
 */
public record Pool(
        String name,
        Balance balance,
        List<Server> servers,
        Optional<Health> health,
        Retries retries,
        Timeouts timeouts,
        Duration drain,
        OnDown onDown,
        Hold hold,
        Optional<String> fallback) {
    public Pool {
        servers = List.copyOf(servers);
    }

    /** How a server is chosen for the next exchange or session. */
    public enum Balance {
        ROUND_ROBIN,
        LEAST_CONNECTIONS
    }

    /** What happens to live connections to a server that went down or lost its role. */
    public enum OnDown {
        KEEP_SESSIONS,
        CLOSE_SESSIONS
    }

    /**
     * What happens to new exchanges and sessions while no server is up: they wait.
     *
     * @param time each may wait; zero is off
     * @param most that may wait at one time
     */
    public record Hold(Duration time, int most) {
        /** Nobody waits. */
        public static final Hold OFF = new Hold(Duration.ZERO, 1000);
    }

    /** One address; names are unique in the pool. {@code weight} is 0..256, 0 takes no new work. */
    public record Server(String name, Endpoint address, int weight) {}

    /**
     * Another server is tried when one refuses a connection.
     *
     * @param count further tries after the first
     * @param methods whose exchanges may be repeated on a reused connection found closed before any
     *     byte of the answer
     * @param budgetPercent retries at most, as a share of requests
     */
    public record Retries(int count, Set<String> methods, int budgetPercent) {
        public Retries {
            methods = Set.copyOf(methods);
        }
    }

    /**
     * How long each phase towards a server may take.
     *
     * @param connect until the connection stands, a total
     * @param response from the request's last byte to the first byte of the answer
     * @param responseIdle a pause within the answer
     */
    public record Timeouts(Duration connect, Duration response, Duration responseIdle) {}
}
