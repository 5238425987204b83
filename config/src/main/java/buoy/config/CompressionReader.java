package buoy.config;

import buoy.config.model.Compression;
import buoy.config.model.Compression.Encoding;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** {@code listeners.NAME.compression}. */
final class CompressionReader {
    private CompressionReader() {}

    static Optional<Compression> read(Section s) {
        List<String> types =
                s.requiredList("types", CompressionReader::type).stream()
                        .map(Section.Item::value)
                        .toList();
        long minSize = s.get("min-size", Sizes.between(0, 1L << 30), 1L << 10);
        List<Encoding> encodings =
                s
                        .list(
                                "encodings",
                                Words.of("gzip", Encoding.GZIP)
                                        .or("br", Encoding.BR)
                                        .or("zstd", Encoding.ZSTD))
                        .stream()
                        .map(Section.Item::value)
                        .distinct()
                        .toList();
        if (s.isEmptyList("encodings")) {
            s.reject("encodings", "must have at least one item");
        }
        return types.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Compression(
                                types,
                                minSize,
                                encodings.isEmpty() ? List.of(Encoding.GZIP) : encodings));
    }

    private static Parsed<String> type(String text) {
        String token = "[A-Za-z0-9!#$&^_.+-]+";
        return Pattern.matches(token + "/(\\*|" + token + ")", text)
                ? Parsed.ok(text.toLowerCase(Locale.ROOT))
                : Parsed.wrong(
                        "must be a media type such as application/json or \"text/*\", got "
                                + Text.quoted(text));
    }
}
