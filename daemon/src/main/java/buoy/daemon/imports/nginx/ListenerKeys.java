package buoy.daemon.imports.nginx;

import buoy.config.Text;
import buoy.daemon.imports.draft.Mark;
import buoy.daemon.imports.draft.Networks;
import buoy.daemon.imports.draft.Node;
import buoy.daemon.imports.draft.Remarks;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * What a listener has for all its requests, and NGINX says of servers and locations: carried over
 * where they agree; else the widest bound, or what the most important of them says.
 */
final class ListenerKeys {
    private static final long USUAL_BODY = 1 << 20;
    private static final long LARGEST_HEAD = 1 << 20;

    private final Remarks remarks;
    private final Node.Mapping listener;

    /** Of those whose requests servers get, or of all where none does. */
    private final List<Scope> scopes;

    private final Site site;

    private ListenerKeys(Context context, Site site, Node.Mapping listener) {
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
        Answers.add(context, keys.scopes, listener);
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
}
