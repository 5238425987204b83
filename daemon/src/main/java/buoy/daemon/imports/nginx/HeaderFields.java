package buoy.daemon.imports.nginx;

import buoy.config.Text;
import buoy.daemon.imports.draft.Fields;
import buoy.daemon.imports.draft.Node;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * {@code headers} of a listener: what {@code proxy_set_header}, {@code add_header} and {@code
 * proxy_hide_header} say of all its locations.
 */
final class HeaderFields {
    /** What Buoy does as it should be, whatever is written about it. */
    private static final Set<String> OURS =
            Set.of(
                    "host",
                    "connection",
                    "upgrade",
                    "x-forwarded-for",
                    "x-forwarded-proto",
                    "x-forwarded-host",
                    "x-forwarded-port",
                    "te",
                    "content-length",
                    "via");

    private final Context context;
    private final List<Scope> scopes;
    private final Fields fields;

    private HeaderFields(Context context, Site site, List<Scope> scopes) {
        this.context = context;
        this.scopes = scopes;
        this.fields =
                new Fields(
                        site.listener().first(),
                        context.remarks(),
                        text -> Variables.translated(text, scopes.getFirst()));
    }

    static Optional<Node.Mapping> of(Context context, Site site, List<Scope> scopes) {
        HeaderFields all = new HeaderFields(context, site, scopes);
        if (!site.passed().isEmpty()) {
            all.request("proxy_set_header");
            all.request("grpc_set_header");
        }
        all.response();
        all.hidden();
        return all.fields.headers();
    }

    private void request(String directive) {
        for (Map.Entry<String, Directive> each : agreed(directive, true).entrySet()) {
            Directive line = each.getValue();
            if (OURS.contains(each.getKey())) {
                known(each.getKey(), line);
            } else if (line.arg(1).isEmpty()) {
                fields.change(line.at(), "request", "remove", line.arg(0), "");
            } else {
                fields.change(line.at(), "request", "set", line.arg(0), line.arg(1));
            }
        }
    }

    /** Where another value is meant than the one Buoy sends. */
    private void known(String name, Directive line) {
        Set<String> same =
                switch (name) {
                    case "x-forwarded-for" ->
                            Set.of(
                                    "$proxy_add_x_forwarded_for",
                                    "$remote_addr",
                                    "$http_x_forwarded_for");
                    case "x-forwarded-proto" ->
                            Set.of("$scheme", "$http_x_forwarded_proto", "https", "http");
                    case "x-forwarded-host" -> Set.of("$host", "$http_host", "$host:$server_port");
                    case "x-forwarded-port" -> Set.of("$server_port", "443", "80");
                    default -> Set.of(line.arg(1)); // said where servers are named, or nobody's
                };
        if (!same.contains(line.arg(1))) {
            context.remarks()
                    .left(
                            line.at(),
                            "Buoy itself writes %s for servers".formatted(Text.shown(line.arg(0))),
                            "remove the line, or let servers read another field");
        }
    }

    private void response() {
        for (Directive line : agreed("add_header", false).values()) {
            // An empty value adds nothing.
            if (!line.arg(1).isEmpty()) {
                fields.change(line.at(), "response", "add", line.arg(0), line.arg(1));
                if (!line.has("always")) {
                    context.remarks()
                            .note(
                                    line.at(),
                                    "%s is added to answers of any status, as with always"
                                            .formatted(Text.shown(line.arg(0))));
                }
            }
        }
    }

    private void hidden() {
        for (String directive : List.of("proxy_hide_header", "grpc_hide_header")) {
            for (Directive line : agreed(directive, false).values()) {
                fields.change(line.at(), "response", "remove", line.arg(0), "");
            }
        }
    }

    /**
     * The lines that all locations have, by the name of their field in small letters.
     *
     * @param lenient whether facts of a request may be told to those who did not ask for them
     */
    private Map<String, Directive> agreed(String directive, boolean lenient) {
        Map<String, Directive> first = new LinkedHashMap<>();
        for (Scope scope : scopes) {
            scope.nearest(directive).forEach(line -> first.putIfAbsent(name(line), line));
        }
        Map<String, Directive> agreed = new LinkedHashMap<>();
        first.forEach(
                (name, line) -> {
                    Function<Scope, List<List<String>>> said =
                            scope ->
                                    scope.nearest(directive).stream()
                                            .filter(each -> name(each).equals(name))
                                            .map(Directive::args)
                                            .toList();
                    long ways = scopes.stream().map(said).distinct().count();
                    boolean fact = Pattern.matches("\\$[a-z_]+", line.arg(1));
                    boolean otherwiseNone =
                            ways == 2 && scopes.stream().map(said).anyMatch(List::isEmpty);
                    if (ways == 1 || OURS.contains(name) || (lenient && fact && otherwiseNone)) {
                        agreed.put(name, line);
                    } else {
                        context.remarks()
                                .left(
                                        line.at(),
                                        "%s is not the same for all that listens here, and header fields are a listener's"
                                                .formatted(Text.shown(line.arg(0))),
                                        "write it under headers if all may have it, or give this server a listener of its own");
                    }
                });
        return agreed;
    }

    private static String name(Directive line) {
        return line.arg(0).toLowerCase(Locale.ROOT);
    }
}
