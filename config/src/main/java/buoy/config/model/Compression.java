package buoy.config.model;

import java.util.List;

/**
 * {@code compression}: what is made smaller on its way to clients that take it so.
 *
 * @param types media types in lower case; {@code text/*} stands for all of a kind
 * @param minSize bytes of content below which it is left as it is, where that is known before
 * @param encodings to choose from, the most wanted first; at least one
 */
public record Compression(List<String> types, long minSize, List<Encoding> encodings) {
    /** A content coding (RFC 9110 8.4.1, RFC 7932, RFC 8878). */
    public enum Encoding {
        GZIP,
        BR,
        ZSTD
    }

    public Compression {
        types = List.copyOf(types);
        encodings = List.copyOf(encodings);
    }

    /** By gzip alone. */
    public Compression(List<String> types, long minSize) {
        this(types, minSize, List.of(Encoding.GZIP));
    }
}
