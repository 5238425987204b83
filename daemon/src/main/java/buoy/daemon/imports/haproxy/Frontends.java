package buoy.daemon.imports.haproxy;

import buoy.config.Text;
import buoy.daemon.imports.draft.Endpoints;
import buoy.daemon.imports.draft.Fields;
import buoy.daemon.imports.draft.Mark;
import buoy.daemon.imports.draft.Networks;
import buoy.daemon.imports.draft.Node;
import buoy.daemon.imports.draft.Remarks;
import buoy.daemon.imports.draft.Times;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Listeners: what a frontend or listen section says about its clients. */
final class Frontends {
    private final Context context;
    private final Remarks remarks;
    private final Map<String, Proxy> backends;
    private final Map<String, Optional<Backends.Made>> pools = new HashMap<>();

    /**
     * @param backends by name: those that clients may be sent to
     */
    Frontends(Context context, Map<String, Proxy> backends) {
        this.context = context;
        this.remarks = context.remarks();
        this.backends = backends;
    }

    /** The pool of a backend, made once. */
    Optional<Backends.Made> pool(Proxy backend, OptionalInt port) {
        return pools.computeIfAbsent(
                backend.name(), _ -> new Backends(context).make(backend, port));
    }

    /** What the pool of a backend is called, where one was made. */
    Optional<String> name(String backend) {
        return pools.getOrDefault(backend, Optional.empty()).map(Backends.Made::name);
    }

    boolean isUsed(String backend) {
        return pools.containsKey(backend);
    }

    void make(Proxy proxy) {
        boolean http = proxy.isHttp();
        List<Binds.Part> parts = new Binds(context, http).parts(proxy.own("bind"));
        if (parts.isEmpty()) {
            remarks.left(
                    proxy.at(),
                    "no bind of it was carried over, so there is no listener",
                    "write one under listeners");
        }
        boolean several = parts.stream().map(Binds.Part::encrypted).distinct().count() > 1;
        for (Binds.Part part : parts) {
            String name =
                    several && parts.indexOf(part) > 0
                            ? proxy.name() + (part.encrypted() ? "-tls" : "-plain")
                            : proxy.name();
            listener(proxy, part, http)
                    .ifPresent(
                            listener ->
                                    context.draft()
                                            .section("listeners")
                                            .put(
                                                    context.draft().freeName("listeners", name),
                                                    listener));
        }
    }

    private Optional<Node.Mapping> listener(Proxy proxy, Binds.Part part, boolean http) {
        Mark at = part.first();
        Set<Integer> ports =
                part.endpoints().stream()
                        .map(Endpoints::port)
                        .filter(port -> port > 0)
                        .collect(Collectors.toCollection(TreeSet::new));
        Routes.Situation situation = new Routes.Situation(part.encrypted(), ports, http);
        OptionalInt port =
                ports.size() == 1 ? OptionalInt.of(ports.iterator().next()) : OptionalInt.empty();
        Fields fields = new Fields(at, remarks, LogFormat::text);
        boolean shared = targetsOf(proxy).size() > 1;
        List<Rule> rules =
                new ArrayList<>(new Rules(context, proxy, situation, fields, true).read());
        if (!proxy.own("server").isEmpty() && proxy.last("default_backend").isEmpty()) {
            rules.add(
                    new Rule(
                            proxy.own("server").getFirst().at(),
                            Condition.ALWAYS,
                            new Rule.Action.ToPool(proxy.name())));
        }
        Map<String, Optional<Routes.Target>> targets = new HashMap<>();
        Routes routes =
                new Routes(
                        situation,
                        name -> {
                            Optional<Routes.Target> known = targets.get(name);
                            if (known == null) {
                                known = target(proxy, name, port, situation, fields, shared);
                                targets.put(name, known);
                            }
                            return known;
                        },
                        ratePeriod(proxy),
                        remarks,
                        at);
        List<Node.Mapping> made = routes.of(rules, at);
        if (made.isEmpty()) {
            remarks.left(
                    proxy.at(),
                    "nothing is left that its clients could be sent to, so there is no listener",
                    "write one under listeners");
            return Optional.empty();
        }
        routes.fallbacks()
                .forEach(
                        (pool, other) -> {
                            if (!pool.equals(other)
                                    && context.draft().section("pools").get(pool).orElse(null)
                                            instanceof Node.Mapping node) {
                                node.text("fallback", node.from(), other);
                            }
                        });
        Node.Mapping listener = new Node.Mapping(at);
        listener.put("bind", Node.Items.texts(at, part.endpoints()));
        listener.text("protocol", at, protocol(http, made));
        if (proxy.last("maxconn").isPresent()) {
            number(proxy.last("maxconn").get(), listener);
        }
        part.keys()
                .entries()
                .forEach(
                        (key, value) -> {
                            listener.put(key, value);
                            part.keys().comments(key).forEach(c -> listener.comment(key, c));
                        });
        timeouts(proxy, listener, http);
        Node.Mapping tcp = new Node.Mapping(at);
        Backends.keepAlive(proxy, tcp, "clitcpka");
        tcp.entries().forEach((key, value) -> listener.within("tcp", at).put(key, value));
        if (!routes.limits().isEmpty()) {
            listener.put("limits", routes.limits());
        }
        if (http) {
            requests(proxy, listener, fields);
        } else {
            proxy.option("tcplog")
                    .or(() -> proxy.own("log-format").stream().findFirst())
                    .ifPresent(
                            line ->
                                    remarks.left(
                                            line.at(),
                                            "sessions have no access log",
                                            "buoy status, /metrics of stats and the log tell what fails"));
        }
        if (made.size() == 1 && made.getFirst().entries().keySet().equals(Set.of("pool"))) {
            listener.put("pool", made.getFirst().get("pool").orElseThrow());
        } else {
            Node.Items items = new Node.Items(at);
            made.forEach(items::add);
            listener.put("routes", items);
        }
        return Optional.of(listener);
    }

    private static void number(Line line, Node.Mapping listener) {
        if (Pattern.matches("[1-9][0-9]{0,6}", line.word(1))) {
            listener.word("max-connections", line.at(), line.word(1));
        }
    }

    /** PostgreSQL's where all its pools are of that. */
    private String protocol(boolean http, List<Node.Mapping> routes) {
        if (http) {
            return "http";
        }
        Set<String> names =
                routes.stream()
                        .flatMap(route -> route.get("pool").stream())
                        .map(node -> ((Node.Scalar) node).text())
                        .collect(Collectors.toSet());
        boolean postgres =
                names.stream()
                        .allMatch(
                                name ->
                                        pools.values().stream()
                                                .flatMap(Optional::stream)
                                                .anyMatch(
                                                        made ->
                                                                made.name().equals(name)
                                                                        && made.postgres()));
        boolean sni =
                routes.stream()
                        .anyMatch(
                                route ->
                                        route.get("match").orElse(null)
                                                        instanceof Node.Mapping match
                                                && match.has("sni"));
        return postgres && !sni ? "postgres" : "tcp";
    }

    // --- where clients go

    private static Set<String> targetsOf(Proxy proxy) {
        Set<String> names = new LinkedHashSet<>();
        proxy.own("use_backend").forEach(line -> names.add(line.word(1)));
        proxy.last("default_backend").ifPresent(line -> names.add(line.word(1)));
        if (!proxy.own("server").isEmpty()) {
            names.add(proxy.name());
        }
        return names;
    }

    private Optional<Routes.Target> target(
            Proxy frontend,
            String name,
            OptionalInt port,
            Routes.Situation situation,
            Fields fields,
            boolean shared) {
        Proxy backend = backends.get(name);
        if (backend == null) {
            return Optional.empty();
        }
        List<Rule> rules =
                backend.equals(frontend)
                        ? List.of()
                        : new Rules(context, backend, situation, fields, !shared).read();
        Optional<Backends.Made> pool = pool(backend, port);
        Optional<Duration> tunnel =
                backend.timeout("tunnel")
                        .filter(
                                time ->
                                        situation.http()
                                                && !time.isZero()
                                                && !frontend.timeout("tunnel")
                                                        .equals(Optional.of(time)));
        Optional<Node.Mapping> timeouts =
                tunnel.map(
                        time ->
                                new Node.Mapping(backend.at())
                                        .word("tunnel", backend.at(), Times.text(time)));
        if (pool.isEmpty()) {
            // A backend without servers answers by its rules, or not at all.
            Mark at = backend.at();
            if (!situation.http()) {
                return Optional.empty();
            }
            List<Rule> all = new ArrayList<>(rules);
            all.add(
                    new Rule(
                            at,
                            Condition.ALWAYS,
                            new Rule.Action.Answer(
                                    "respond",
                                    new Node.Mapping(at).word("status", at, 503),
                                    false)));
            return Optional.of(new Routes.Target("", all, Optional.empty()));
        }
        return Optional.of(new Routes.Target(pool.get().name(), rules, timeouts));
    }

    /** Over which time requests of a client are counted, as stick-tables say. */
    private Optional<Duration> ratePeriod(Proxy proxy) {
        List<Proxy> all = new ArrayList<>(List.of(proxy));
        all.addAll(backends.values());
        for (Proxy each : all) {
            for (Line line : each.all("stick-table")) {
                Matcher matcher =
                        Pattern.compile("http_req_rate\\(([0-9]+[a-z]*)\\)").matcher(line.text());
                if (matcher.find()) {
                    return Proxy.time(matcher.group(1));
                }
            }
        }
        return Optional.empty();
    }

    // --- times

    private void timeouts(Proxy proxy, Node.Mapping listener, boolean http) {
        Node.Mapping timeouts = new Node.Mapping(proxy.at());
        if (http) {
            Backends.timeout(proxy, "client", timeouts, "idle");
            Backends.timeout(proxy, "http-request", timeouts, "idle");
            Backends.timeout(proxy, "http-keep-alive", timeouts, "idle");
            Backends.timeout(proxy, "client", timeouts, "headers");
            Backends.timeout(proxy, "http-request", timeouts, "headers");
            Backends.timeout(proxy, "client", timeouts, "body");
            Backends.timeout(proxy, "client", timeouts, "tunnel");
            Backends.timeout(proxy, "tunnel", timeouts, "tunnel");
        } else {
            Backends.timeout(proxy, "client", timeouts, "idle");
            Backends.timeout(proxy, "tunnel", timeouts, "idle");
        }
        if (!timeouts.isEmpty()) {
            listener.put("timeouts", timeouts);
        }
    }

    // --- what only requests have

    private void requests(Proxy proxy, Node.Mapping listener, Fields fields) {
        proxy.last("unique-id-header")
                .ifPresent(
                        line ->
                                fields.change(
                                        line.at(), "request", "set", line.word(1), "%[unique-id]"));
        proxy.option("forwardfor").ifPresent(line -> forwarded(line, fields));
        fields.headers().ifPresent(headers -> listener.put("headers", headers));
        if (proxy.option("accept-invalid-http-request").isPresent()
                || proxy.option("accept-unsafe-violations-in-http-request").isPresent()) {
            Line line =
                    proxy.option("accept-invalid-http-request")
                            .or(() -> proxy.option("accept-unsafe-violations-in-http-request"))
                            .orElseThrow();
            listener.put(
                    "lenient",
                    Node.Items.texts(line.at(), List.of("underscore-names", "raw-target")));
        }
        proxy.option("httpclose")
                .ifPresent(
                        line ->
                                remarks.note(
                                        line.at(),
                                        "connections of clients are kept: timeouts: {idle: ...} says how long"));
        compression(proxy, listener);
        accessLog(proxy, listener);
        for (Line line : proxy.all("errorfile")) {
            remarks.left(
                    line.at(),
                    "a page for %s has a head in its file, and here it has none"
                            .formatted(Text.shown(line.word(1))),
                    "write what is behind the empty line to a file .html, and errors: {%s: FILE} of the listener"
                            .formatted(Text.shown(line.word(1))));
        }
        for (Line line : proxy.all("http-error")) {
            remarks.left(
                    line.at(),
                    "a page for errors stands in a file of its own",
                    "write errors: {STATUS: FILE} of the listener");
        }
    }

    private void forwarded(Line line, Fields fields) {
        int header = line.words().indexOf("header");
        if (header > 0
                && !line.word(header + 1).equalsIgnoreCase("x-forwarded-for")
                && !line.word(header + 1).isEmpty()) {
            fields.change(line.at(), "request", "set", line.word(header + 1), "%[src]");
        }
        if (line.words().contains("except")) {
            remarks.note(
                    line.at(),
                    "X-Forwarded-For is appended to for those in trusted-proxies, and begun anew for everybody else");
        }
    }

    private void compression(Proxy proxy, Node.Mapping listener) {
        Optional<Line> algorithm =
                proxy.last("compression", "algo").or(() -> proxy.last("compression", "algo-res"));
        if (algorithm.isEmpty()) {
            return;
        }
        Mark at = algorithm.get().at();
        if (!algorithm.get().words().contains("gzip")) {
            remarks.left(
                    at,
                    "%s is not what responses are compressed with"
                            .formatted(Text.shown(algorithm.get().text())),
                    "write compression: {types: [...], encodings: [gzip]}");
            return;
        }
        Node.Mapping compression = new Node.Mapping(at);
        Optional<Line> types =
                proxy.last("compression", "type").or(() -> proxy.last("compression", "type-res"));
        List<String> names =
                types.map(line -> line.from(2)).orElse(List.of()).stream()
                        // HAProxy compares beginnings: text/ is all of that kind.
                        .map(type -> type.endsWith("/") ? type + "*" : type)
                        .filter(
                                type ->
                                        Pattern.matches(
                                                "[A-Za-z0-9!#$&^_.+-]+/(\\*|[A-Za-z0-9!#$&^_.+-]+)",
                                                type))
                        .toList();
        if (names.isEmpty()) {
            names =
                    List.of(
                            "text/*",
                            "application/json",
                            "application/javascript",
                            "image/svg+xml");
            remarks.note(at, "types of responses that are compressed are named here");
        }
        compression.put("types", Node.Items.texts(types.map(Line::at).orElse(at), names));
        listener.put("compression", compression);
    }

    private void accessLog(Proxy proxy, Node.Mapping listener) {
        List<Line> lines = proxy.own("log").isEmpty() ? proxy.all("log") : proxy.own("log");
        Optional<Line> line = lines.stream().findFirst();
        if (line.isEmpty() || proxy.last("no", "log").isPresent()) {
            return;
        }
        Optional<Line> target = line.get().word(1).equals("global") ? context.global("log") : line;
        Optional<String> to = target.flatMap(this::destination);
        if (to.isEmpty()) {
            return;
        }
        Mark at = target.get().at();
        Node.Mapping log = new Node.Mapping(at);
        Optional<Line> format = proxy.last("log-format");
        Optional<String> pattern = format.flatMap(l -> LogFormat.line(l.word(1)));
        if (format.isPresent() && pattern.filter(p -> p.contains("${")).isEmpty()) {
            remarks.left(
                    format.get().at(),
                    "this log-format has something in it that is not known: lines are as with option httplog",
                    "write access-log: {format: PATTERN}; see Access log in docs/configuration.md");
        }
        log.text("format", at, pattern.filter(p -> p.contains("${")).orElse("haproxy"));
        log.text("to", at, to.get());
        listener.put("access-log", log);
    }

    private Optional<String> destination(Line line) {
        String to = line.word(1);
        if (to.startsWith("/") || to.startsWith("unix@")) {
            return Optional.of("syslog");
        }
        if (Set.of("stdout", "stderr", "fd@1", "fd@2").contains(to)) {
            return Optional.of("stdout");
        }
        String place = to.replaceFirst("^(udp@|ipv4@|ipv6@)", "");
        Optional<String> endpoint = Endpoints.server(place, 514);
        if (endpoint.isPresent()
                && Networks.address(
                                endpoint.get()
                                        .replaceAll(":[0-9]+$", "")
                                        .replaceAll("^\\[(.*)]$", "$1"))
                        .isPresent()) {
            return Optional.of("udp://" + endpoint.get());
        }
        remarks.left(
                line.at(),
                "%s is no place that access logs are written to".formatted(Text.shown(to)),
                "write access-log: {format: haproxy, to: \"udp://198.51.100.9:514\"} with the address");
        return Optional.empty();
    }
}
