package buoy.config.model;

import java.util.List;

/**
 * {@code compression}: what is made smaller on its way to clients that take it so, by gzip.
 *
 * @param types media types in lower case; {@code text/*} stands for all of a kind
 * @param minSize bytes of content below which it is left as it is, where that is known before
 */
public record Compression(List<String> types, long minSize) {
    public Compression {
        types = List.copyOf(types);
    }
}
