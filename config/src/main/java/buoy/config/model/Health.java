package buoy.config.model;

import com.google.re2j.Pattern;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * {@code pools.NAME.health}: how servers are checked.
 *
 * @param every interval between checks of one server
 * @param timeout of one check
 * @param fall failures in a row until down
 * @param rise successes in a row until up; the first ever success counts at once
 * @param fast interval while between up and down
 */
public record Health(
        Probe probe, Duration every, Duration timeout, int fall, int rise, Duration fast) {

    /** What is asked of a server. */
    public sealed interface Probe {
        /** Whether it asks a port that is not where the server does its work. */
        default boolean needsAPort() {
            return switch (this) {
                case Http http -> http.port().isPresent();
                case Postgres postgres -> postgres.port().isPresent();
                case Agent _, Patroni _ -> true;
                case Grpc _, Tcp _, External _ -> false;
            };
        }

        /**
         * A call of {@code grpc.health.v1.Health/Check}.
         *
         * @param service that has to be SERVING; empty is the server as a whole
         */
        record Grpc(String service) implements Probe {}

        /**
         * One HTTP request.
         *
         * @param headers further fields of it, by their names
         * @param expect of which one must have the answer's status
         * @param body text the answer's body must contain
         * @param bodyPattern that must fit some part of it, with an octet a character
         * @param port of the check; empty means the server's own
         */
        record Http(
                String method,
                String path,
                Map<String, String> headers,
                List<StatusRange> expect,
                Optional<String> body,
                Optional<Pattern> bodyPattern,
                Optional<String> host,
                OptionalInt port)
                implements Probe {
            public Http {
                headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
                expect = List.copyOf(expect);
            }

            /** Without fields and a pattern. */
            public Http(
                    String method,
                    String path,
                    StatusRange expect,
                    Optional<String> body,
                    Optional<String> host,
                    OptionalInt port) {
                this(method, path, Map.of(), List.of(expect), body, Optional.empty(), host, port);
            }

            /** Whether the answer's body matters. */
            public boolean readsBody() {
                return body.isPresent() || bodyPattern.isPresent();
            }
        }

        /**
         * A connection that is accepted.
         *
         * @param send what the server is told then
         * @param expect what must come back, anywhere in its first 4 KiB
         */
        record Tcp(Optional<String> send, Optional<String> expect) implements Probe {
            /** A connection that is accepted, no more. */
            public Tcp() {
                this(Optional.empty(), Optional.empty());
            }
        }

        /**
         * A program on the server's host that says in a line how the server does, as HAProxy's
         * {@code agent-check} has it. What it says counts at once.
         */
        record Agent(int port) implements Probe {}

        /**
         * A program on this host, which ends with 0 where the server works.
         *
         * @param command by its path, and its arguments
         * @param user as whom it runs; empty means as Buoy
         */
        record External(List<String> command, Optional<String> user) implements Probe {
            public External {
                command = List.copyOf(command);
            }
        }

        /**
         * Patroni's REST API. A clear answer (another role) counts at once.
         *
         * @param maxLag bytes a replica may lag behind
         * @param tls of the REST API, which has certificates of its own; empty means in clear
         */
        record Patroni(Role role, int port, OptionalLong maxLag, Optional<PoolTls> tls)
                implements Probe {}

        /**
         * A session with the server, which is asked what it is. A clear answer counts at once.
         *
         * @param role primary or replica: a server cannot tell more of itself
         * @param port of the check; empty means the server's own
         * @param maxLag bytes a replica may lag behind what is known of its cluster
         */
        record Postgres(
                Role role,
                String user,
                Secret password,
                String database,
                OptionalInt port,
                OptionalLong maxLag)
                implements Probe {}
    }

    /** Status codes from {@code low} to {@code high}, both included. */
    public record StatusRange(int low, int high) {
        public boolean contains(int status) {
            return status >= low && status <= high;
        }
    }

    /** A PostgreSQL server's part in its cluster, in Patroni's words. */
    public enum Role {
        PRIMARY,
        REPLICA,
        SYNC,
        ASYNC,
        STANDBY_LEADER
    }
}
