package buoy.daemon.imports.nginx;

import buoy.config.Text;
import buoy.daemon.imports.draft.Endpoints;
import buoy.daemon.imports.draft.Mark;
import buoy.daemon.imports.draft.Networks;
import buoy.daemon.imports.draft.Node;
import buoy.daemon.imports.draft.Remarks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a listener has for all its requests, and NGINX says of servers and locations: carried over
 * where they agree; else the widest bound, or what the most important of them says.
 */
final class ListenerKeys {
    private static final long USUAL_BODY = 1 << 20;
    private static final long LARGEST_HEAD = 1 << 20;

    private final Context context;
    private final Remarks remarks;
    private final Node.Mapping listener;

    /** Of those whose requests servers get, or of all where none does. */
    private final List<Scope> scopes;

    private final Site site;

    private ListenerKeys(Context context, Site site, Node.Mapping listener) {
        this.context = context;
        this.remarks = context.remarks();
        this.site = site;
        this.listener = listener;
        this.scopes = site.passed().isEmpty() ? site.handlers() : site.passed();
    }

    static void add(Context context, Site site, Node.Mapping listener) {
        ListenerKeys keys = new ListenerKeys(context, site, listener);
        keys.proxies();
        if (keys.scopes.isEmpty()) {
            return;
        }
        keys.timeouts();
        keys.limits();
        HeaderFields.of(context, site, keys.scopes)
                .ifPresent(headers -> listener.put("headers", headers));
        keys.errorPages();
        keys.compression();
        keys.accessLog();
        if (keys.scopes.stream().anyMatch(scope -> scope.isOn("underscores_in_headers"))) {
            listener.put("lenient", Node.Items.texts(listener.from(), List.of("underscore-names")));
        }
    }

    // --- who stands before

    private void proxies() {
        Mark at = listener.from();
        Set<String> networks = new LinkedHashSet<>();
        for (Scope server : site.listener().servers()) {
            List<Directive> from = server.nearest("set_real_ip_from");
            String header = server.value("real_ip_header").orElse("X-Real-IP");
            if (!from.isEmpty()
                    && !header.toLowerCase(Locale.ROOT).matches("x-forwarded-for|proxy_protocol")) {
                remarks.left(
                        server.get("real_ip_header")
                                .map(Directive::at)
                                .orElse(from.getFirst().at()),
                        "%s is not believed, but X-Forwarded-For, Forwarded and the PROXY protocol"
                                .formatted(Text.shown(header)),
                        "let the proxy before send X-Forwarded-For");
                continue;
            }
            for (Directive line : from) {
                Networks.parse(line.arg(0))
                        .or(
                                () ->
                                        line.arg(0).equals("unix:")
                                                ? Networks.parse("127.0.0.1")
                                                : Optional.empty())
                        .ifPresentOrElse(
                                network -> networks.add(network.toString()),
                                () ->
                                        remarks.left(
                                                line.at(),
                                                "%s is no network"
                                                        .formatted(Text.shown(line.arg(0))),
                                                "write trusted-proxies: [203.0.113.0/24]"));
            }
        }
        if (site.listener().way().proxied()) {
            listener.word("proxy-protocol", at, true);
            if (networks.isEmpty()) {
                networks.addAll(List.of("0.0.0.0/0", "::/0"));
                remarks.note(
                        at,
                        "proxy_protocol takes anybody's PROXY header: name the networks of your proxies in trusted-proxies");
            }
        }
        if (!networks.isEmpty()) {
            listener.put("trusted-proxies", Node.Items.texts(at, networks));
        }
    }

    // --- bounds

    private void timeouts() {
        Node.Mapping timeouts = new Node.Mapping(listener.from());
        time("keepalive_timeout", timeouts, "idle");
        time("client_header_timeout", timeouts, "headers");
        time("client_body_timeout", timeouts, "body");
        if (!timeouts.isEmpty()) {
            listener.put("timeouts", timeouts);
        }
    }

    private void time(String directive, Node.Mapping timeouts, String key) {
        widest(directive, line -> Values.time(line.arg(0)).map(Duration::toMillis))
                .ifPresent(
                        line -> {
                            Optional<String> time = Values.written(line.arg(0));
                            if (time.isPresent()) {
                                timeouts.word(key, line.at(), time.get());
                            } else {
                                remarks.note(
                                        line.at(),
                                        "connections of clients are kept: timeouts: {idle: ...} says how long");
                            }
                        });
    }

    /** The one of a directive that lets through the most, and what is to be said of the others. */
    private Optional<Directive> widest(
            String directive, Function<Directive, Optional<Long>> bound) {
        List<Directive> lines =
                scopes.stream()
                        .flatMap(scope -> scope.get(directive).stream())
                        .filter(line -> bound.apply(line).isPresent())
                        .distinct()
                        .toList();
        Optional<Directive> most =
                lines.stream().max(Comparator.comparing(line -> bound.apply(line).orElse(0L)));
        most.ifPresent(
                widest ->
                        lines.stream()
                                .filter(line -> !bound.apply(line).equals(bound.apply(widest)))
                                .forEach(
                                        line ->
                                                remarks.left(
                                                        line.at(),
                                                        "%s is the same for a whole listener, and %s as in line %s"
                                                                .formatted(
                                                                        directive,
                                                                        Text.shown(widest.arg(0)),
                                                                        widest.at()),
                                                        "give this server a listener of its own")));
        return most;
    }

    private void limits() {
        Mark at = listener.from();
        Node.Mapping limits = new Node.Mapping(at);
        body(limits);
        widest("large_client_header_buffers", line -> head(line).stream().boxed().findFirst())
                .ifPresent(
                        line ->
                                limits.word(
                                        "header-bytes",
                                        line.at(),
                                        Values.bytes(
                                                Math.clamp(
                                                        head(line).orElse(1024),
                                                        1024,
                                                        LARGEST_HEAD))));
        connections(limits);
        rate(limits);
        if (!limits.isEmpty()) {
            listener.put("limits", limits);
        }
    }

    private static OptionalLong head(Directive line) {
        OptionalLong size = Values.size(line.arg(1));
        return size.isPresent() && Pattern.matches("[1-9][0-9]{0,2}", line.arg(0))
                ? OptionalLong.of(Integer.parseInt(line.arg(0)) * size.getAsLong())
                : OptionalLong.empty();
    }

    /** 0 is no bound, and without a word it is 1 MiB. */
    private void body(Node.Mapping limits) {
        boolean some =
                scopes.stream().anyMatch(scope -> scope.get("client_max_body_size").isPresent());
        if (!some) {
            limits.word("body", listener.from(), Values.bytes(USUAL_BODY));
            return;
        }
        Optional<Directive> widest =
                widest(
                        "client_max_body_size",
                        line ->
                                Values.size(line.arg(0)).stream()
                                        .map(size -> size == 0 ? Long.MAX_VALUE : size)
                                        .boxed()
                                        .findFirst());
        widest.ifPresent(
                line -> {
                    long bytes = Values.size(line.arg(0)).orElse(0);
                    if (bytes > 0) {
                        limits.word("body", line.at(), Values.bytes(Math.max(bytes, usual(line))));
                    }
                });
    }

    /** Where some say nothing, theirs is the usual bound. */
    private long usual(Directive line) {
        return scopes.stream().allMatch(scope -> scope.get(line.name()).isPresent())
                ? 0
                : USUAL_BODY;
    }

    private void connections(Node.Mapping limits) {
        Set<Directive> lines = new LinkedHashSet<>();
        scopes.forEach(scope -> lines.addAll(scope.nearest("limit_conn")));
        boolean everywhere =
                scopes.stream().allMatch(scope -> Rates.connections(scope).isPresent())
                        && scopes.stream().map(Rates::connections).distinct().count() == 1;
        if (everywhere) {
            limits.word(
                    "connections-per-client",
                    lines.iterator().next().at(),
                    Rates.connections(scopes.getFirst()).orElseThrow());
            remarks.note(
                    lines.iterator().next().at(),
                    "one connection too many is closed, where NGINX answers its request with 503");
        }
        for (Directive line : lines) {
            if (!everywhere || !line.args().equals(lines.iterator().next().args())) {
                remarks.left(
                        line.at(),
                        "%s is no limit of one client's connections to the whole listener"
                                .formatted(Text.shown(line.text())),
                        "write limits: {connections-per-client: N} of the listener, or max-connections of servers");
            }
        }
    }

    /** Where one limit holds for all that servers get, it is the listener's. */
    private void rate(Node.Mapping limits) {
        Set<List<Directive>> lines = new LinkedHashSet<>();
        scopes.forEach(scope -> lines.add(scope.nearest("limit_req")));
        if (lines.size() != 1 || lines.contains(List.<Directive>of())) {
            return;
        }
        Optional<Node.Mapping> rate = Rates.of(scopes.getFirst(), remarks);
        if (rate.isPresent()) {
            limits.put("requests-per-second", rate.get());
            site.routes().forEach(route -> route.remove("limits"));
        }
    }

    // --- answers

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
