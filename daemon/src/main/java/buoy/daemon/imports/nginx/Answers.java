package buoy.daemon.imports.nginx;

import buoy.config.Text;
import buoy.daemon.imports.draft.Endpoints;
import buoy.daemon.imports.draft.Mark;
import buoy.daemon.imports.draft.Node;
import buoy.daemon.imports.draft.Remarks;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What becomes of answers on their way to clients, and the line that is written of each: error
 * pages, compression, access log.
 */
final class Answers {
    private final Context context;
    private final Remarks remarks;
    private final List<Scope> scopes;
    private final Node.Mapping listener;

    private Answers(Context context, List<Scope> scopes, Node.Mapping listener) {
        this.context = context;
        this.remarks = context.remarks();
        this.scopes = scopes;
        this.listener = listener;
    }

    static void add(Context context, List<Scope> scopes, Node.Mapping listener) {
        Answers answers = new Answers(context, scopes, listener);
        answers.errorPages();
        answers.compression();
        answers.accessLog();
    }

    private void errorPages() {
        Node.Mapping pages = new Node.Mapping(listener.from());
        Set<List<Directive>> said = new LinkedHashSet<>();
        for (Scope scope : scopes) {
            List<Directive> lines = scope.nearest("error_page");
            if (!said.add(lines)) {
                continue;
            }
            lines.forEach(line -> errorPage(line, scope, pages));
        }
        scopes.stream()
                .flatMap(scope -> scope.get("proxy_intercept_errors").stream())
                .filter(line -> line.has("on"))
                .forEach(
                        line ->
                                remarks.left(
                                        line.at(),
                                        "what servers answer is not touched",
                                        "let servers answer with that page"));
        if (!pages.isEmpty()) {
            listener.put("errors", pages);
        }
    }

    private void errorPage(Directive line, Scope scope, Node.Mapping pages) {
        Mark at = line.at();
        String page = line.args().isEmpty() ? "" : line.args().getLast();
        Optional<String> file =
                page.startsWith("/") && Variables.isPlain(page)
                        ? file(scope, page)
                        : Optional.empty();
        boolean other = line.args().stream().anyMatch(arg -> arg.startsWith("="));
        if (file.isEmpty() || other || !Pattern.matches(".*\\.(html?|txt|json|xml)", page)) {
            remarks.left(
                    at,
                    "%s is no file that is shown in place of an answer"
                            .formatted(Text.shown(line.text())),
                    "write errors: {503: /etc/buoy/errors/503.html} of the listener");
            return;
        }
        for (String status : line.args().subList(0, line.args().size() - 1)) {
            if (Pattern.matches("[45][0-9][0-9]", status) && !pages.has(status)) {
                pages.put(status, Node.text(at, file.get()));
            } else if (pages.get(status).orElse(null) instanceof Node.Scalar present
                    && !present.text().equals(file.get())) {
                remarks.left(
                        at,
                        "a listener has one page for %s".formatted(Text.shown(status)),
                        "give this server a listener of its own");
            }
        }
    }

    /** Where the file is that NGINX would show for the path. */
    private Optional<String> file(Scope scope, String page) {
        Scope server = scope;
        while (server.own("listen").isEmpty()
                && server.own("server_name").isEmpty()
                && server.outer().isPresent()) {
            server = server.outer().get();
        }
        Scope where =
                Location.in(server).stream()
                        .filter(each -> each.isPrefix() || each.kind() == Location.Kind.EXACT)
                        .filter(
                                each ->
                                        each.kind() == Location.Kind.EXACT
                                                ? each.text().equals(page)
                                                : page.startsWith(each.text()))
                        .max(
                                Comparator.comparingInt(
                                        each ->
                                                each.kind() == Location.Kind.EXACT
                                                        ? Integer.MAX_VALUE
                                                        : each.text().length()))
                        .map(Location::scope)
                        .orElse(server);
        if (where.own().stream().anyMatch(each -> each.name().endsWith("_pass"))) {
            return Optional.empty();
        }
        return where.value("root")
                .filter(Variables::isPlain)
                .map(root -> context.absolute(root).replaceAll("/+$", "") + page);
    }

    private void compression() {
        List<Scope> on =
                scopes.stream()
                        .filter(
                                scope ->
                                        scope.isOn("gzip")
                                                || scope.isOn("brotli")
                                                || scope.isOn("zstd"))
                        .toList();
        if (on.isEmpty()) {
            return;
        }
        Scope first = on.getFirst();
        Mark at =
                first.get("gzip")
                        .or(() -> first.get("brotli"))
                        .or(() -> first.get("zstd"))
                        .map(Directive::at)
                        .orElse(listener.from());
        if (on.size() < scopes.size()) {
            remarks.note(at, "responses are compressed for the whole listener");
        }
        Set<String> types = new LinkedHashSet<>(List.of("text/html"));
        for (String directive : List.of("gzip_types", "brotli_types")) {
            first.get(directive).ifPresent(line -> types.addAll(line.args()));
        }
        if (types.contains("*")) {
            types.clear();
            types.addAll(
                    List.of(
                            "text/*",
                            "application/json",
                            "application/javascript",
                            "application/xml",
                            "image/svg+xml"));
            remarks.note(at, "types of responses that are compressed are named here");
        }
        Node.Mapping compression = new Node.Mapping(at);
        compression.put(
                "types",
                Node.Items.texts(
                        at,
                        types.stream()
                                .filter(
                                        t ->
                                                Pattern.matches(
                                                        "[A-Za-z0-9!#$&^_.+-]+/(\\*|[A-Za-z0-9!#$&^_.+-]+)",
                                                        t))
                                .toList()));
        first.get("gzip_min_length")
                .ifPresent(
                        line ->
                                Values.size(line.arg(0))
                                        .ifPresent(
                                                size ->
                                                        compression.word(
                                                                "min-size",
                                                                line.at(),
                                                                Values.bytes(size))));
        List<String> encodings = new ArrayList<>();
        Map.of("zstd", "zstd", "brotli", "br", "gzip", "gzip").entrySet().stream()
                .sorted(Map.Entry.<String, String>comparingByKey().reversed())
                .filter(each -> first.isOn(each.getKey()))
                .forEach(each -> encodings.add(each.getValue()));
        if (encodings.contains("br")) {
            encodings.remove("gzip");
            encodings.add("gzip");
        }
        if (!encodings.equals(List.of("gzip"))) {
            compression.put("encodings", Node.Items.texts(at, encodings));
        }
        listener.put("compression", compression);
    }

    private void accessLog() {
        Set<List<Directive>> all = new LinkedHashSet<>();
        scopes.forEach(scope -> all.add(scope.nearest("access_log")));
        List<Directive> said =
                all.stream()
                        .flatMap(List::stream)
                        .filter(line -> !line.arg(0).equals("off"))
                        .toList();
        if (said.isEmpty()) {
            return;
        }
        Directive line = said.getFirst();
        for (Directive other : said) {
            if (!other.args().equals(line.args())) {
                remarks.left(
                        other.at(),
                        "a listener has one access log, and this one's is that of %s"
                                .formatted(line.at()),
                        "give this server a listener of its own");
            }
        }
        if (all.size() > 1
                && all.stream()
                        .anyMatch(lines -> lines.stream().anyMatch(l -> l.arg(0).equals("off")))) {
            remarks.note(line.at(), "requests of all locations are in the access log");
        }
        if (!line.option("if").isEmpty()) {
            remarks.left(
                    line.at(),
                    "if of access_log: all requests are in it",
                    "filter where the log is read");
        }
        Optional<String> to = destination(line);
        if (to.isEmpty()) {
            return;
        }
        Mark at = line.at();
        Node.Mapping log = new Node.Mapping(at);
        String name = line.arg(1).contains("=") ? "" : line.arg(1);
        log.text("format", at, LogFormat.of(name, scopes.getFirst().top(), at, remarks));
        log.text("to", at, to.get());
        listener.put("access-log", log);
    }

    private Optional<String> destination(Directive line) {
        String to = line.arg(0);
        Matcher syslog = Pattern.compile("syslog:server=([^,]+)(,.*)?").matcher(to);
        if (syslog.matches()) {
            if (syslog.group(1).startsWith("unix:")) {
                return Optional.of("syslog");
            }
            return Endpoints.server(syslog.group(1), 514)
                    .filter(place -> Pattern.matches("([0-9.]+|\\[.*]):[0-9]+", place))
                    .map(place -> "udp://" + place)
                    .or(() -> noPlace(line));
        }
        if (to.equals("/dev/stdout") || to.equals("/dev/stderr")) {
            return Optional.of("stdout");
        }
        if (!Variables.isPlain(to) || to.startsWith("memory:")) {
            return noPlace(line);
        }
        String path = context.absolute(to);
        remarks.note(
                line.at(),
                "Buoy's user has to be able to write in the directory of %s"
                        .formatted(Text.shown(path)));
        return Optional.of(path);
    }

    private Optional<String> noPlace(Directive line) {
        remarks.left(
                line.at(),
                "%s is no place that access logs are written to".formatted(Text.shown(line.arg(0))),
                "write access-log: {format: combined, to: /var/log/buoy/access.log}");
        return Optional.empty();
    }
}
