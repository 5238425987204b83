package buoy.config;

import buoy.config.model.AccessLog;
import buoy.config.model.AccessLog.Destination;
import buoy.config.model.AccessLog.Fact;
import buoy.config.model.AccessLog.Format;
import buoy.config.model.AccessLog.Literal;
import buoy.config.model.AccessLog.Part;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code access-log} of a listener. */
final class AccessLogReader {
    private static final String UDP = "udp://";

    private static final Map<String, Part> FACTS = new LinkedHashMap<>();

    static {
        for (Fact fact : Fact.values()) {
            FACTS.put(fact.word(), fact);
        }
    }

    private static final Words<Format> FORMATS =
            Words.<Format>of("json", new Format.Json())
                    .or("combined", new Format.Combined())
                    .or("haproxy", new Format.Haproxy());

    static final buoy.config.Format<Destination> DESTINATION =
            buoy.config.Format.of(
                    Shape.words(
                            List.of("stdout", "syslog"),
                            new Shape.Begins("/"),
                            new Shape.Begins(UDP)),
                    AccessLogReader::destination);

    private static final buoy.config.Format<Format> FORMAT =
            buoy.config.Format.of(
                    new Shape.Either(List.of(FORMATS.shape(), Shape.TEXT)),
                    AccessLogReader::format);

    private AccessLogReader() {}

    static Optional<AccessLog> read(Section s) {
        Destination to = s.get("to", DESTINATION, new Destination.Stdout());
        return s.required("format", FORMAT).map(f -> new AccessLog(f, to));
    }

    private static Parsed<Format> format(String text) {
        return text.contains("${") ? pattern(text) : FORMATS.parse(text);
    }

    private static Parsed<Format> pattern(String text) {
        return Templates.parts(text, FACTS, Literal::new)
                .then(parts -> Parsed.ok(new Format.Pattern(parts)));
    }

    private static Parsed<Destination> destination(String text) {
        if (text.startsWith("/")) {
            return Names.path(text).then(path -> Parsed.ok(new Destination.File(path)));
        }
        if (text.startsWith(UDP)) {
            return Addresses.endpoint(text.substring(UDP.length()))
                    .then(to -> Parsed.ok(new Destination.Udp(to)));
        }
        return switch (text) {
            case "stdout" -> Parsed.ok(new Destination.Stdout());
            case "syslog" -> Parsed.ok(new Destination.Syslog());
            default ->
                    Parsed.wrong(
                            "must be stdout, syslog, an absolute path or udp://ADDRESS:PORT, got "
                                    + Text.quoted(text));
        };
    }
}
