package buoy.config.model;

import java.util.List;

/** A text with variables of the request in it: {@code https://${host}/new${path}}. */
public record Template(List<Part> parts) {
    public Template {
        parts = List.copyOf(parts);
    }

    /** Texts and variables take turns in any order. */
    public sealed interface Part {}

    /** Stands as it is. */
    public record Literal(String text) implements Part {}

    /** What a request has; the names in files are lower case with {@code -}. */
    public enum Variable implements Part {
        /** The host asked for, without port. */
        HOST,
        /** The path as it was received. */
        PATH,
        /** The query as it was received, without its question mark; may be empty. */
        QUERY,
        /** Path and query as they were received. */
        URI,
        METHOD,
        /** {@code http} or {@code https}. */
        SCHEME,
        /** The port the client came to. */
        PORT,
        /** Who asks: the peer, or whom trusted proxies name. */
        CLIENT_ADDRESS,
        /** 32 hexadecimal digits by chance, the same for all that belongs to one request. */
        REQUEST_ID
    }

    public boolean uses(Variable variable) {
        return parts.contains(variable);
    }
}
