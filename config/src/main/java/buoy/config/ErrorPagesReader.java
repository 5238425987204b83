package buoy.config;

import buoy.config.model.ErrorPage;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code errors: {STATUS: FILE}} of a listener. */
final class ErrorPagesReader {
    private static final int MOST_BYTES = 256 << 10;

    private ErrorPagesReader() {}

    static Map<Integer, ErrorPage> read(Section s) {
        Map<Integer, ErrorPage> pages = new LinkedHashMap<>();
        s.each(
                        "errors",
                        ErrorPagesReader::status,
                        (status, parent) -> parent.file(status, ErrorPagesReader::page))
                .forEach(
                        (status, page) -> {
                            if (status(status) instanceof Parsed.Ok<String>) {
                                pages.put(Integer.valueOf(status), page);
                            }
                        });
        return pages;
    }

    private static Parsed<String> status(String text) {
        return Numbers.between(400, 599).parse(text).then(_ -> Parsed.ok(text));
    }

    private static Parsed<ErrorPage> page(String text) {
        return Names.path(text)
                .then(
                        file ->
                                mediaType(file)
                                        .then(
                                                type ->
                                                        Disk.text(file, MOST_BYTES)
                                                                .then(
                                                                        content ->
                                                                                Parsed.ok(
                                                                                        new ErrorPage(
                                                                                                type,
                                                                                                content)))));
    }

    private static Parsed<String> mediaType(Path file) {
        String name = file.toString();
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "html", "htm" -> Parsed.ok("text/html; charset=utf-8");
            case "txt" -> Parsed.ok("text/plain; charset=utf-8");
            case "json" -> Parsed.ok("application/json");
            case "xml" -> Parsed.ok("application/xml");
            default ->
                    Parsed.wrong(
                            "%s must end in .html, .htm, .txt, .json or .xml: that says what it is"
                                    .formatted(Text.quoted(name)));
        };
    }
}
