package buoy.daemon.imports.nginx;

import buoy.config.Text;
import buoy.daemon.imports.draft.Mark;
import buoy.daemon.imports.draft.Networks;
import buoy.daemon.imports.draft.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What NGINX says where it passes requests on, and Buoy of the pool they go to. */
final class PoolKeys {
    private final Context context;
    private final Scope scope;
    private final Target target;
    private final Node.Mapping pool;

    /** {@code proxy} or {@code grpc}. */
    private final String kind;

    private PoolKeys(Context context, Scope scope, Target target, Node.Mapping pool) {
        this.context = context;
        this.scope = scope;
        this.target = target;
        this.pool = pool;
        this.kind = target.grpc() ? "grpc" : "proxy";
    }

    static void add(Context context, Scope scope, Target target, boolean http, Node.Mapping pool) {
        PoolKeys keys = new PoolKeys(context, scope, target, pool);
        Mark at = pool.from();
        if (target.grpc()) {
            pool.text("protocol", at, target.encrypted() ? "h2" : "h2c");
        }
        if (target.encrypted()) {
            pool.put("tls", keys.tls());
        }
        if (!http) {
            keys.ofSessions();
        } else {
            keys.retries();
        }
        scope.value(keys.kind + "_connect_timeout")
                .flatMap(Values::written)
                .ifPresent(time -> pool.within("timeouts", at).word("connect", at, time));
        scope.get("health_check").ifPresent(line -> keys.health(line, http));
    }

    private Node.Mapping tls() {
        Mark at = pool.from();
        Node.Mapping tls = new Node.Mapping(at);
        boolean verify = scope.isOn(kind + "_ssl_verify");
        tls.word("verify", at, verify);
        scope.get(kind + "_ssl_trusted_certificate")
                .filter(_ -> verify)
                .ifPresent(line -> tls.text("ca", line.at(), context.absolute(line.arg(0))));
        Optional<Directive> name = scope.get(kind + "_ssl_name");
        String wanted = name.map(line -> line.arg(0)).orElse("$proxy_host");
        String host = target.authority().replaceFirst(":[0-9]+$", "");
        if (wanted.equals("$proxy_host")) {
            wanted = host;
        }
        boolean literal =
                Pattern.matches("[A-Za-z0-9_]([A-Za-z0-9_.-]{0,251}[A-Za-z0-9_])?", wanted);
        if (literal && Networks.address(wanted).isEmpty()) {
            boolean said = verify || name.isPresent() || scope.isOn(kind + "_ssl_server_name");
            if (said && pool.has("servers")) {
                tls.text("server-name", at, wanted);
            }
        } else if (name.isPresent()) {
            context.remarks()
                    .left(
                            name.get().at(),
                            "what servers are called is the same for all requests",
                            "write tls: {server-name: NAME} of the pool");
        }
        Optional<Directive> chain = scope.get(kind + "_ssl_certificate");
        Optional<Directive> key = scope.get(kind + "_ssl_certificate_key");
        if (chain.isPresent() && key.isPresent()) {
            Certificates.of(context, chain.get(), key.get())
                    .ifPresent(certificate -> tls.text("certificate", at, certificate));
        }
        return tls;
    }

    /**
     * What NGINX tries again by itself: after a failed connection and one lost without an answer.
     */
    private void retries() {
        List<Directive> lines = scope.nearest(kind + "_next_upstream");
        boolean several =
                pool.get("servers").orElse(null) instanceof Node.Mapping servers
                        && servers.entries().size() > 1;
        if (lines.isEmpty() && !several) {
            return;
        }
        Mark at = lines.isEmpty() ? pool.from() : lines.getFirst().at();
        Node.Mapping retries = new Node.Mapping(at);
        List<String> words =
                lines.isEmpty() ? List.of("error", "timeout") : lines.getFirst().args();
        if (words.contains("off")) {
            pool.put("retries", retries.word("count", at, 0));
            return;
        }
        scope.value(kind + "_next_upstream_tries")
                .filter(tries -> Pattern.matches("[1-9][0-9]?", tries))
                .ifPresent(
                        tries ->
                                retries.word(
                                        "count", at, Math.min(Integer.parseInt(tries) - 1, 10)));
        List<String> when = new ArrayList<>();
        if (words.contains("error")) {
            when.add("connect");
            when.add("reset-before-response");
        }
        for (String word : words) {
            if (Pattern.matches("http_[45][0-9][0-9]", word)) {
                when.add(word.substring("http_".length()));
            } else if (!Set.of("error", "timeout", "invalid_header", "non_idempotent")
                    .contains(word)) {
                context.remarks()
                        .left(
                                at,
                                "%s is nothing after which another server is tried"
                                        .formatted(Text.shown(word)),
                                "write retries: {when: [connect, reset-before-response, 503]}");
            }
        }
        if (when.isEmpty()) {
            when.add("connect");
        }
        retries.put("when", Node.Items.texts(at, when));
        if (words.contains("non_idempotent")) {
            retries.put(
                    "methods",
                    Node.Items.texts(
                            at,
                            List.of("GET", "HEAD", "OPTIONS", "PUT", "DELETE", "POST", "PATCH")));
        }
        pool.put("retries", retries);
    }

    private void ofSessions() {
        Mark at = pool.from();
        if (scope.isOn("proxy_protocol")) {
            pool.text("send-proxy", at, "v1");
        }
        Optional<Directive> bind = scope.get("proxy_bind");
        bind.ifPresent(line -> bind(line, at));
    }

    private void bind(Directive line, Mark at) {
        if (line.has("transparent") && line.arg(0).matches("\\$(binary_)?remote_addr")) {
            pool.text("source", at, "client");
        } else if (Networks.address(line.arg(0)).isPresent()) {
            pool.text("source", at, line.arg(0));
        } else if (!line.arg(0).equals("off")) {
            context.remarks()
                    .left(
                            line.at(),
                            "%s is no address of this host".formatted(Text.shown(line.arg(0))),
                            "write source: ADDRESS or source: client of the pool");
        }
    }

    /** NGINX Plus alone. */
    private void health(Directive line, boolean http) {
        Mark at = line.at();
        Node.Mapping health = new Node.Mapping(at);
        if (http && !line.has("type=grpc")) {
            Node.Mapping probe = new Node.Mapping(at);
            String uri = line.option("uri");
            probe.text("path", at, uri.isEmpty() ? "/" : uri);
            health.put("http", probe);
        } else {
            health.put(line.has("type=grpc") ? "grpc" : "tcp", new Node.Mapping(at));
        }
        Values.written(line.option("interval")).ifPresent(t -> health.word("every", at, t));
        for (String[] pair : new String[][] {{"fails", "fall"}, {"passes", "rise"}}) {
            String number = line.option(pair[0]);
            if (Pattern.matches("[1-9][0-9]{0,2}", number)) {
                health.word(pair[1], at, number);
            }
        }
        if (!line.option("match").isEmpty()) {
            context.remarks()
                    .left(
                            at,
                            "what a good answer is stands in match",
                            "write expect and body of health: {http: ...}");
        }
        pool.put("health", health);
    }
}
