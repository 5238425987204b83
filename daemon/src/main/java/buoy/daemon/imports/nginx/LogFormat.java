package buoy.daemon.imports.nginx;

import buoy.config.Text;
import buoy.daemon.imports.draft.Mark;
import buoy.daemon.imports.draft.Remarks;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** {@code log_format} as the format of an access log. */
final class LogFormat {
    private static final Map<String, String> NAMES =
            Map.ofEntries(
                    Map.entry("remote_addr", "${client-address}"),
                    Map.entry("proxy_protocol_addr", "${client-address}"),
                    Map.entry("remote_port", "${client-port}"),
                    Map.entry("remote_user", "${user}"),
                    Map.entry("time_local", "${time}"),
                    Map.entry("time_iso8601", "${time}"),
                    Map.entry("msec", "${time}"),
                    Map.entry("request", "${method} ${uri} ${protocol}"),
                    Map.entry("request_method", "${method}"),
                    Map.entry("request_uri", "${uri}"),
                    Map.entry("uri", "${uri}"),
                    Map.entry("server_protocol", "${protocol}"),
                    Map.entry("status", "${status}"),
                    Map.entry("body_bytes_sent", "${body-bytes-sent}"),
                    Map.entry("bytes_sent", "${bytes-sent}"),
                    Map.entry("request_length", "${bytes-received}"),
                    Map.entry("request_time", "${total-ms}"),
                    Map.entry("upstream_response_time", "${response-ms}"),
                    Map.entry("upstream_header_time", "${response-ms}"),
                    Map.entry("upstream_connect_time", "${connect-ms}"),
                    Map.entry("upstream_addr", "${server}"),
                    Map.entry("proxy_host", "${pool}"),
                    Map.entry("host", "${host}"),
                    Map.entry("http_host", "${host}"),
                    Map.entry("server_name", "${listener}"),
                    Map.entry("http_referer", "${referer}"),
                    Map.entry("http_user_agent", "${user-agent}"),
                    Map.entry("ssl_protocol", "${tls-version}"),
                    Map.entry("request_id", "${request-id}"));

    private LogFormat() {}

    /** A word or a pattern that says as much as it can. */
    static String of(String name, Scope top, Mark at, Remarks remarks) {
        Optional<Directive> line =
                top.own("log_format").stream().filter(each -> each.arg(0).equals(name)).findFirst();
        if (line.isEmpty()) {
            return "combined";
        }
        StringBuilder whole = new StringBuilder();
        line.get().args().stream()
                .skip(1)
                .filter(arg -> !arg.startsWith("escape="))
                .forEach(whole::append);
        String text = whole.toString();
        if (text.strip().startsWith("{")) {
            remarks.note(
                    line.get().at(),
                    "lines are JSON with all that is known, under the names of docs/configuration.md (Access log)");
            return "json";
        }
        Set<String> unknown = new LinkedHashSet<>();
        Optional<String> pattern =
                Variables.filledIn(
                        text,
                        variable -> {
                            String ours = NAMES.get(variable);
                            if (ours == null) {
                                unknown.add(variable);
                            }
                            return Optional.of(ours == null ? "-" : ours);
                        });
        // Who asks is client-address, trusted proxies believed.
        unknown.remove("http_x_forwarded_for");
        if (!unknown.isEmpty()) {
            remarks.left(
                    line.get().at(),
                    "a line of the access log has a dash for %s"
                            .formatted(Text.shown(String.join(", ", unknown))),
                    "see Access log in docs/configuration.md for what there is");
        }
        if (text.contains("_time")) {
            remarks.note(
                    line.get().at(), "times in access logs are milliseconds, in whole numbers");
        }
        if (pattern.filter(p -> p.contains("${") && Pattern.matches("[ -~]{1,2000}", p))
                .isEmpty()) {
            remarks.left(
                    at,
                    "log_format %s is no pattern: lines are as combined"
                            .formatted(Text.shown(name)),
                    "write access-log: {format: PATTERN}");
            return "combined";
        }
        return pattern.get();
    }
}
