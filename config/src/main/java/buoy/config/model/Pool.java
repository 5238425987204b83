package buoy.config.model;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * {@code pools.NAME}: servers that can stand in for each other.
 *
 * @param drain how long a removed server's live exchanges and sessions may finish
 * @param passive what live traffic may do to a server's standing
 * @param slowStart how long a server that came back up takes to reach its full weight; zero is off
 * @param sticky what makes a client meet the same server again
 * @param fallback the pool that serves while no server of this one is up
 * @param tls towards the servers; empty means in clear, or as the client has it
 * @param sendProxy how servers are told whose connections they get
 * @param protocol that its servers speak to exchanges; sessions have none
 * @param source where connections to its servers come from; empty leaves it to the kernel
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
        Optional<Passive> passive,
        Duration slowStart,
        Optional<Sticky> sticky,
        Optional<String> fallback,
        Optional<PoolTls> tls,
        Optional<SendProxy> sendProxy,
        Protocol protocol,
        Optional<Source> source) {
    public Pool {
        servers = List.copyOf(servers);
    }

    /** Whose connections come from where the kernel says. */
    public Pool(
            String name,
            Balance balance,
            List<Server> servers,
            Optional<Health> health,
            Retries retries,
            Timeouts timeouts,
            Duration drain,
            OnDown onDown,
            Hold hold,
            Optional<Passive> passive,
            Duration slowStart,
            Optional<Sticky> sticky,
            Optional<String> fallback,
            Optional<PoolTls> tls,
            Optional<SendProxy> sendProxy,
            Protocol protocol) {
        this(
                name,
                balance,
                servers,
                health,
                retries,
                timeouts,
                drain,
                onDown,
                hold,
                passive,
                slowStart,
                sticky,
                fallback,
                tls,
                sendProxy,
                protocol,
                Optional.empty());
    }

    /** Whose servers speak HTTP/1.1 and are not told whose connections they get. */
    public Pool(
            String name,
            Balance balance,
            List<Server> servers,
            Optional<Health> health,
            Retries retries,
            Timeouts timeouts,
            Duration drain,
            OnDown onDown,
            Hold hold,
            Optional<Passive> passive,
            Duration slowStart,
            Optional<Sticky> sticky,
            Optional<String> fallback,
            Optional<PoolTls> tls) {
        this(
                name,
                balance,
                servers,
                health,
                retries,
                timeouts,
                drain,
                onDown,
                hold,
                passive,
                slowStart,
                sticky,
                fallback,
                tls,
                Optional.empty(),
                Protocol.HTTP1);
    }

    /** The address that servers see. */
    public sealed interface Source {
        /** One of this host's. */
        record Address(InetAddress address) implements Source {}

        /**
         * The client's own, of each session: for servers whose way back leads through this host.
         */
        record Client() implements Source {}
    }

    /** What servers speak. */
    public enum Protocol {
        /** HTTP/1.1. */
        HTTP1,
        /** HTTP/2 within TLS, agreed by ALPN (RFC 9113 3.2). */
        H2,
        /** HTTP/2 in clear, which is known beforehand (RFC 9113 3.3). */
        H2C;

        public boolean isHttp2() {
            return this != HTTP1;
        }
    }

    /** Versions of the PROXY protocol. */
    public enum SendProxy {
        V1,
        V2
    }

    /** How a server is chosen for the next exchange or session. */
    public sealed interface Balance {
        /** In turns, by weight. */
        record RoundRobin() implements Balance {}

        /** The one with the least under way for its weight. */
        record LeastConnections() implements Balance {}

        /** Of two drawn by weight, the one with less under way. */
        record RandomTwo() implements Balance {}

        /** The same client, the same server. */
        record SourceHash() implements Balance {}

        /** The same path and query, the same server. HTTP alone. */
        record UriHash() implements Balance {}

        /** The same value of a request's field, the same server. HTTP alone. */
        record HeaderHash(String field) implements Balance {}

        /** The first in the order of the configuration that may take it. */
        record First() implements Balance {}

        /** As the configuration spells it. */
        default String word() {
            return switch (this) {
                case RoundRobin() -> "round-robin";
                case LeastConnections() -> "least-connections";
                case RandomTwo() -> "random-two";
                case SourceHash() -> "source-hash";
                case UriHash() -> "uri-hash";
                case HeaderHash(var field) -> "header-hash:" + field;
                case First() -> "first";
            };
        }
    }

    /** What happens to live connections to a server that went down or lost its role. */
    public enum OnDown {
        KEEP_SESSIONS,
        CLOSE_SESSIONS
    }

    /**
     * What happens to new exchanges and sessions that no server takes: they wait.
     *
     * @param time each may wait while no server is up; zero is off
     * @param most that may wait at one time
     * @param queue how long each may wait while every server is at its max-connections
     */
    public record Hold(Duration time, int most, Duration queue) {
        /** Nobody waits but for a server that is full. */
        public static final Hold OFF = new Hold(Duration.ZERO, 1000, Duration.ofSeconds(5));
    }

    /**
     * One address; names are unique in the pool.
     *
     * @param weight 0..256, 0 takes no new work
     * @param maxConnections exchanges and sessions at one time; empty is without a bound
     * @param backup takes work only while no other server of the pool may
     */
    public record Server(
            String name,
            ServerAddress address,
            int weight,
            OptionalInt maxConnections,
            boolean backup) {
        public Server(String name, Endpoint address, int weight) {
            this(name, new ServerAddress.Fixed(address), weight, OptionalInt.empty(), false);
        }
    }

    /**
     * When another server is tried.
     *
     * @param count further tries after the first
     * @param when what is answered by another try
     * @param methods whose exchanges may be repeated once they were sent: on another server as
     *     {@code when} says, and in any case on a reused connection found closed before any byte of
     *     the answer
     * @param budgetPercent retries at most, as a share of requests
     */
    public record Retries(int count, When when, Set<String> methods, int budgetPercent) {
        public Retries {
            methods = Set.copyOf(methods);
        }
    }

    /**
     * Of {@link Retries}.
     *
     * @param connect a connection that could not be made: nothing was sent, so any method may go on
     * @param reset one that was lost before any byte of the answer
     * @param statuses answers
     */
    public record When(boolean connect, boolean reset, Set<Integer> statuses) {
        /** A connection that could not be made, alone. */
        public static final When CONNECT = new When(true, false, Set.of());

        public When {
            statuses = Set.copyOf(statuses);
        }
    }

    /**
     * A server that fails live traffic takes none for a while.
     *
     * @param failures so many
     * @param within in this time
     * @param eject how long it takes no work then
     */
    public record Passive(int failures, Duration within, Duration eject) {}

    /**
     * How long each phase towards a server may take.
     *
     * @param connect until the connection stands, a total
     * @param response from the request's last byte to the first byte of the answer
     * @param responseIdle a pause within the answer
     * @param tcp until the kernel gives a connection up whose server is gone without a word
     */
    public record Timeouts(
            Duration connect, Duration response, Duration responseIdle, TcpOptions tcp) {
        /** Whose connections are as the kernel has them. */
        public Timeouts(Duration connect, Duration response, Duration responseIdle) {
            this(connect, response, responseIdle, TcpOptions.KERNELS);
        }
    }
}
