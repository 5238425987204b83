package buoy.config.model;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** {@code access-log}: one line for each exchange. */
public record AccessLog(Format format, Destination to) {
    /** How a line looks. */
    public sealed interface Format {
        /** An object with every {@link Fact} that is known. */
        record Json() implements Format {}

        /** As NGINX and Apache write it under this name. */
        record Combined() implements Format {}

        /** As HAProxy writes it with {@code option httplog}. */
        record Haproxy() implements Format {}

        /** Written out by the operator. */
        record Pattern(List<Part> parts) implements Format {
            public Pattern {
                parts = List.copyOf(parts);
            }
        }
    }

    /** Of a pattern. */
    public sealed interface Part {}

    /** Stands as it is. */
    public record Literal(String text) implements Part {}

    /** What is known of an exchange; times are in milliseconds, sizes in bytes. */
    public enum Fact implements Part {
        /** When the first byte of the request came, RFC 3339 in UTC. */
        TIME,
        REQUEST_ID,
        LISTENER,
        /** Who asks: the peer, or whom trusted proxies name. */
        CLIENT_ADDRESS,
        /** The peer's. */
        CLIENT_PORT,
        /** Whom the request names where it has to name one, rightly or wrongly. */
        USER,
        METHOD,
        HOST,
        /** Path and query as they were received. */
        URI,
        PROTOCOL,
        STATUS,
        BYTES_RECEIVED,
        BYTES_SENT,
        BODY_BYTES_SENT,
        /** From the end of the request's head until a server was to be connected to. */
        QUEUE_MS,
        /** From there until its connection could be used. */
        CONNECT_MS,
        /** From the request being sent until the first byte of the answer. */
        RESPONSE_MS,
        /** From the first byte of the request until the end. */
        TOTAL_MS,
        POOL,
        SERVER,
        RETRIES,
        /** Why the exchange failed. */
        REASON,
        TLS_VERSION,
        REFERER,
        USER_AGENT;

        /** As files and lines spell it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** Where lines go. */
    public sealed interface Destination {
        record Stdout() implements Destination {
            @Override
            public String toString() {
                return "stdout";
            }
        }

        /** Of this host. */
        record Syslog() implements Destination {
            @Override
            public String toString() {
                return "syslog";
            }
        }

        record File(Path path) implements Destination {
            @Override
            public String toString() {
                return path.toString();
            }
        }

        /** Syslog messages (RFC 5424), one a datagram (RFC 5426). */
        record Udp(Endpoint endpoint) implements Destination {
            @Override
            public String toString() {
                return "udp://" + endpoint;
            }
        }
    }
}
