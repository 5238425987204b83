package buoy.daemon.imports.haproxy;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Texts with {@code %[...]} and {@code %ci} in them (HAProxy's configuration manual, 8.2.6). */
final class LogFormat {
    /** Sample expressions by what stands for them in fields and redirects. */
    private static final Map<String, String> EXPRESSIONS =
            Map.ofEntries(
                    Map.entry("src", "${client-address}"),
                    Map.entry("hdr(host)", "${host}"),
                    Map.entry("req.hdr(host)", "${host}"),
                    Map.entry("hdr(host),lower", "${host}"),
                    Map.entry("req.hdr(host),lower", "${host}"),
                    Map.entry("hdr(host),field(1,:)", "${host}"),
                    Map.entry("req.hdr(host),field(1,:)", "${host}"),
                    Map.entry("hdr(host),host_only", "${host}"),
                    Map.entry("req.hdr(host),host_only", "${host}"),
                    Map.entry("path", "${path}"),
                    Map.entry("query", "${query}"),
                    Map.entry("pathq", "${uri}"),
                    Map.entry("url", "${uri}"),
                    Map.entry("capture.req.uri", "${uri}"),
                    Map.entry("method", "${method}"),
                    Map.entry("capture.req.method", "${method}"),
                    Map.entry("dst_port", "${port}"),
                    Map.entry("fc_dst_port", "${port}"),
                    Map.entry("unique-id", "${request-id}"),
                    Map.entry("uuid()", "${request-id}"),
                    Map.entry("uuid", "${request-id}"));

    private static final Map<String, String> ALIASES =
            Map.of(
                    "ci", "${client-address}",
                    "HM", "${method}",
                    "HU", "${uri}",
                    "HP", "${path}",
                    "ID", "${request-id}",
                    "fp", "${port}");

    /** Names of an access log's own, which a request has besides. */
    private static final Map<String, String> LOG_ALIASES =
            Map.ofEntries(
                    Map.entry("ci", "${client-address}"),
                    Map.entry("cp", "${client-port}"),
                    Map.entry("HM", "${method}"),
                    Map.entry("HU", "${uri}"),
                    Map.entry("HV", "${protocol}"),
                    Map.entry("ID", "${request-id}"),
                    Map.entry("ST", "${status}"),
                    Map.entry("B", "${bytes-sent}"),
                    Map.entry("U", "${bytes-received}"),
                    Map.entry("ft", "${listener}"),
                    Map.entry("f", "${listener}"),
                    Map.entry("b", "${pool}"),
                    Map.entry("s", "${server}"),
                    Map.entry("Tw", "${queue-ms}"),
                    Map.entry("Tc", "${connect-ms}"),
                    Map.entry("Tr", "${response-ms}"),
                    Map.entry("Ta", "${total-ms}"),
                    Map.entry("Tt", "${total-ms}"),
                    Map.entry("rc", "${retries}"),
                    Map.entry("sslv", "${tls-version}"),
                    Map.entry("t", "${time}"),
                    Map.entry("T", "${time}"),
                    Map.entry("tr", "${time}"),
                    Map.entry("r", "${method} ${uri} ${protocol}"),
                    Map.entry("%", "%"));

    private static final Map<String, String> LOG_EXPRESSIONS =
            Map.of(
                    "src", "${client-address}",
                    "hdr(host)", "${host}",
                    "req.hdr(host)", "${host}",
                    "capture.req.uri", "${uri}",
                    "capture.req.method", "${method}",
                    "status", "${status}",
                    "ssl_fc_protocol", "${tls-version}");

    private static final Pattern PART =
            Pattern.compile("%(?:\\{[^}]*})?(?:\\[([^]]*)]|([A-Za-z]+)|(%))");

    private LogFormat() {}

    /** As a text with Buoy's variables; empty where something in it has no like. */
    static Optional<String> text(String format) {
        return translated(format, EXPRESSIONS, ALIASES);
    }

    /** The same for a line of an access log. */
    static Optional<String> line(String format) {
        return translated(format, LOG_EXPRESSIONS, LOG_ALIASES);
    }

    private static Optional<String> translated(
            String format, Map<String, String> expressions, Map<String, String> aliases) {
        if (format.contains("${") || !Pattern.matches("[ -~]{0,2000}", format)) {
            return Optional.empty();
        }
        Matcher matcher = PART.matcher(format);
        StringBuilder out = new StringBuilder();
        int from = 0;
        while (matcher.find()) {
            out.append(format, from, matcher.start());
            String value =
                    matcher.group(1) != null
                            ? expressions.get(matcher.group(1).strip())
                            : matcher.group(3) != null ? "%" : aliases.get(matcher.group(2));
            if (value == null) {
                return Optional.empty();
            }
            out.append(value);
            from = matcher.end();
        }
        String rest = format.substring(from);
        return rest.contains("%") || out.indexOf("%[") >= 0
                ? Optional.empty()
                : Optional.of(out.append(rest).toString());
    }
}
