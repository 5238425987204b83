package buoy.daemon.imports.haproxy;

import buoy.config.Text;
import buoy.daemon.imports.draft.Draft;
import buoy.daemon.imports.draft.Endpoints;
import buoy.daemon.imports.draft.Mark;
import buoy.daemon.imports.draft.Networks;
import buoy.daemon.imports.draft.Node;
import buoy.daemon.imports.draft.Remarks;
import buoy.daemon.imports.draft.Times;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/** Pools: what a backend or listen section says about its servers. */
final class Backends {
    static final Set<String> ALONE =
            Set.of(
                    "check",
                    "no-check",
                    "backup",
                    "no-backup",
                    "ssl",
                    "no-ssl",
                    "send-proxy",
                    "no-send-proxy",
                    "send-proxy-v2",
                    "no-send-proxy-v2",
                    "send-proxy-v2-ssl",
                    "send-proxy-v2-ssl-cn",
                    "disabled",
                    "enabled",
                    "non-stick",
                    "stick",
                    "agent-check",
                    "no-agent-check",
                    "check-ssl",
                    "no-check-ssl",
                    "check-send-proxy",
                    "no-check-send-proxy",
                    "check-via-socks4",
                    "allow-0rtt",
                    "tfo",
                    "no-tfo",
                    "ssl-reuse",
                    "no-ssl-reuse",
                    "tls-tickets",
                    "no-tls-tickets",
                    "no-verifyhost",
                    "no-sslv3",
                    "no-tlsv10",
                    "no-tlsv11",
                    "no-tlsv12",
                    "no-tlsv13",
                    "force-sslv3",
                    "force-tlsv10",
                    "force-tlsv11",
                    "force-tlsv12",
                    "force-tlsv13");

    static final Set<String> VALUED =
            Set.of(
                    "inter",
                    "fastinter",
                    "downinter",
                    "rise",
                    "fall",
                    "weight",
                    "maxconn",
                    "minconn",
                    "maxqueue",
                    "port",
                    "addr",
                    "agent-port",
                    "agent-inter",
                    "agent-addr",
                    "agent-send",
                    "cookie",
                    "slowstart",
                    "observe",
                    "error-limit",
                    "on-error",
                    "on-marked-down",
                    "on-marked-up",
                    "verify",
                    "ca-file",
                    "crl-file",
                    "crt",
                    "sni",
                    "check-sni",
                    "verifyhost",
                    "alpn",
                    "check-alpn",
                    "proto",
                    "check-proto",
                    "ciphers",
                    "ciphersuites",
                    "curves",
                    "sigalgs",
                    "ssl-min-ver",
                    "ssl-max-ver",
                    "resolvers",
                    "resolve-prefer",
                    "resolve-net",
                    "resolve-opts",
                    "init-addr",
                    "track",
                    "redir",
                    "id",
                    "namespace",
                    "tcp-ut",
                    "max-reuse",
                    "pool-max-conn",
                    "pool-low-conn",
                    "pool-purge-delay",
                    "source",
                    "usesrc",
                    "socks4",
                    "shard",
                    "proxy-v2-options",
                    "log-proto",
                    "hash-key");

    private static final Map<String, String> LEFT =
            Map.of(
                    "redir", "give such requests a route with redirect",
                    "namespace", "run a Buoy within the namespace",
                    "socks4", "let the host's routes lead to the server",
                    "crl-file", "give ca a file of authorities that are believed without it",
                    "minconn", "write max-connections of the server alone",
                    "maxqueue", "write queue: {limit: N} of the pool",
                    "proxy-v2-options", "the header has addresses and ports alone");

    /** What {@code cookie} may say besides, that needs nothing here. */
    private static final Set<String> COOKIE_WORDS =
            Set.of("insert", "indirect", "nocache", "preserve", "postonly", "dynamic");

    /**
     * @param name of the pool
     * @param postgres whether its servers are PostgreSQL
     */
    record Made(String name, boolean postgres) {}

    private final Context context;
    private final Remarks remarks;

    Backends(Context context) {
        this.context = context;
        this.remarks = context.remarks();
    }

    /** Empty where no server is left; that was said. */
    Optional<Made> make(Proxy proxy, OptionalInt port) {
        Mark at = proxy.at();
        Node.Mapping pool = new Node.Mapping(at);
        Node.Mapping nodes = new Node.Mapping(at);
        List<Options> options = new ArrayList<>();
        List<Mark> marks = new ArrayList<>();
        servers(proxy, port, nodes, options, marks);
        if (nodes.isEmpty()) {
            return Optional.empty();
        }
        balance(proxy, pool);
        pool.put("servers", nodes);
        Checks.Health health = new Checks(context, proxy).of(options, marks);
        health.node().ifPresent(node -> pool.put("health", node));
        common(proxy, pool, options, marks);
        sticky(proxy, pool);
        retries(proxy, pool);
        times(proxy, pool);
        source(proxy, pool, options);
        tcp(proxy, pool, options, marks);
        String name = context.draft().freeName("pools", proxy.name());
        context.draft().section("pools").put(name, pool);
        return Optional.of(new Made(name, health.postgres()));
    }

    // --- servers

    private void servers(
            Proxy proxy,
            OptionalInt port,
            Node.Mapping nodes,
            List<Options> all,
            List<Mark> marks) {
        Options before = Options.NONE;
        Set<String> addresses = new LinkedHashSet<>();
        List<Line> lines = new ArrayList<>(proxy.defaults());
        lines.addAll(proxy.block().lines());
        for (Line line : lines) {
            if (line.is("default-server")) {
                before = read(before, line, 1);
            } else if (line.is("server") && line.words().size() > 2) {
                Options options = read(before, line, 3);
                Optional<String> address = Endpoints.server(line.word(2), port.orElse(0));
                if (address.isEmpty()) {
                    remarks.left(
                            line.at(),
                            "%s is no address and port of a server"
                                    .formatted(Text.shown(line.word(2))),
                            "write NAME: ADDRESS:PORT under servers of the pool");
                    continue;
                }
                if (!addresses.add(address.get())) {
                    remarks.left(
                            line.at(),
                            "%s is there already, and a pool has each server once"
                                    .formatted(address.get()),
                            "give the server a greater weight");
                    continue;
                }
                nodes.put(
                        Draft.freeName(nodes, line.word(1)), server(line, address.get(), options));
                all.add(options);
                marks.add(line.at());
            }
        }
    }

    private Options read(Options before, Line line, int from) {
        Options options = Options.read(before, line.from(from), ALONE, VALUED);
        options.unknown()
                .forEach(
                        word ->
                                remarks.left(
                                        line.at(),
                                        "%s is no option of a server that is known"
                                                .formatted(Text.shown(word)),
                                        "see pools in docs/configuration.md"));
        LEFT.forEach(
                (word, instead) -> {
                    if (Options.read(Options.NONE, line.from(from), ALONE, VALUED).has(word)) {
                        remarks.left(line.at(), word + " has no like here", instead);
                    }
                });
        return options;
    }

    private Node server(Line line, String address, Options options) {
        Mark at = line.at();
        Node.Mapping server = new Node.Mapping(at).text("address", at, address);
        number(options, "weight", at, 0, 256).ifPresent(n -> server.word("weight", at, n));
        number(options, "maxconn", at, 0, 10_000_000)
                .filter(n -> !n.equals("0"))
                .ifPresent(n -> server.word("max-connections", at, n));
        if (options.has("backup")) {
            server.word("backup", at, true);
        }
        if (options.has("disabled")) {
            server.word("weight", at, 0);
            remarks.note(
                    at,
                    "a disabled server has weight 0: buoy server weight N POOL/SERVER lets it work");
        }
        return server.entries().size() == 1 ? Node.text(at, address) : server;
    }

    private Optional<String> number(Options options, String word, Mark at, int min, int max) {
        Optional<String> text = options.get(word);
        if (text.isEmpty()) {
            return text;
        }
        boolean right =
                Pattern.matches("0|[1-9][0-9]{0,8}", text.get())
                        && Integer.parseInt(text.get()) >= min
                        && Integer.parseInt(text.get()) <= max;
        if (!right) {
            remarks.left(
                    at,
                    "%s %s is not %d..%d".formatted(word, Text.shown(text.get()), min, max),
                    "write what is meant");
            return Optional.empty();
        }
        return text;
    }

    /** What is a server's in HAProxy and a pool's here. */
    private void common(Proxy proxy, Node.Mapping pool, List<Options> options, List<Mark> marks) {
        Options first = options.getFirst();
        Mark at = marks.getFirst();
        for (String word :
                List.of(
                        "ssl",
                        "verify",
                        "ca-file",
                        "crt",
                        "verifyhost",
                        "sni",
                        "alpn",
                        "proto",
                        "send-proxy",
                        "send-proxy-v2",
                        "on-marked-down",
                        "slowstart",
                        "observe")) {
            for (int i = 1; i < options.size(); i++) {
                if (!options.get(i).get(word).equals(first.get(word))
                        && !(word.equals("sni") || word.equals("verifyhost"))) {
                    remarks.left(
                            marks.get(i),
                            "%s is another than that of the pool's first server".formatted(word),
                            "make a pool of servers that are spoken to in the same way");
                }
            }
        }
        if (first.has("ssl")) {
            tls(pool, options, at);
        }
        String proto = first.get("proto").or(() -> first.get("alpn")).orElse("");
        if (proxy.isHttp() && proto.startsWith("h2")) {
            pool.text("protocol", at, first.has("ssl") ? "h2" : "h2c");
        }
        if (first.has("send-proxy-v2")
                || first.has("send-proxy-v2-ssl")
                || first.has("send-proxy-v2-ssl-cn")) {
            pool.text("send-proxy", at, "v2");
        } else if (first.has("send-proxy")) {
            pool.text("send-proxy", at, "v1");
        }
        if (first.get("on-marked-down").filter("shutdown-sessions"::equals).isPresent()) {
            pool.text("on-down", at, "close-sessions");
        }
        if (first.get("on-marked-up").filter("shutdown-backup-sessions"::equals).isPresent()) {
            remarks.left(
                    at,
                    "sessions with a backup server go on when another comes up",
                    "buoy server drain POOL/SERVER moves them");
        }
        first.get("slowstart")
                .flatMap(Proxy::time)
                .filter(time -> !time.isZero())
                .ifPresent(time -> pool.word("slow-start", at, Times.text(time)));
        if (first.has("observe")) {
            Node.Mapping passive = new Node.Mapping(at);
            number(first, "error-limit", at, 1, 1000)
                    .ifPresentOrElse(
                            n -> passive.word("failures", at, n),
                            () -> passive.word("failures", at, 10));
            pool.put("passive", passive);
            if (first.get("observe").filter("layer7"::equals).isPresent()) {
                remarks.note(
                        at,
                        "passive counts connections and answers that fail, not statuses of the server");
            }
        }
        if (first.has("allow-0rtt")) {
            remarks.note(at, "0-RTT is not sent to servers");
        }
    }

    private void tls(Node.Mapping pool, List<Options> options, Mark at) {
        Options first = options.getFirst();
        Node.Mapping tls = new Node.Mapping(at);
        boolean global =
                context.global("ssl-server-verify")
                        .filter(line -> line.word(1).equals("none"))
                        .isPresent();
        boolean verify = first.get("verify").map(word -> !word.equals("none")).orElse(!global);
        if (!verify) {
            tls.word("verify", at, false);
        }
        first.get("ca-file")
                .filter(_ -> verify)
                .filter(file -> !file.startsWith("@"))
                .flatMap(file -> context.authority(at, file))
                .ifPresent(file -> tls.text("ca", at, file));
        String name = first.get("verifyhost").orElse("");
        String sni = first.get("sni").orElse("").replaceAll("^str\\((.*)\\)$", "$1");
        String wanted = name.isEmpty() ? sni : name;
        boolean same =
                options.stream()
                        .allMatch(
                                each ->
                                        each.get("verifyhost").equals(first.get("verifyhost"))
                                                && each.get("sni").equals(first.get("sni")));
        if (!same) {
            remarks.left(
                    at,
                    "the servers of a pool have one name",
                    "write the servers with names as their addresses: each is verified by its own");
        } else if (!wanted.isEmpty() && Fetch.isHost(wanted) && !wanted.startsWith("*")) {
            tls.text("server-name", at, wanted);
        } else if (!wanted.isEmpty()) {
            remarks.left(
                    at,
                    "the name in SNI follows the request (%s)".formatted(Text.shown(wanted)),
                    "write tls: {server-name: NAME} of the pool");
        } else if (verify) {
            remarks.note(
                    at,
                    "HAProxy looks at no name here; Buoy wants the servers' certificates to be for their address, or for tls: {server-name: NAME} of the pool");
        }
        first.get("crt")
                .flatMap(file -> context.certificate(at, file))
                .ifPresent(
                        file ->
                                tls.text(
                                        "certificate",
                                        at,
                                        context.draft()
                                                .certificate(
                                                        Draft.nameOfFile(file),
                                                        new Node.Mapping(at)
                                                                .text("pem", at, file))));
        pool.put("tls", tls);
    }

    // --- balance and stickiness

    private void balance(Proxy proxy, Node.Mapping pool) {
        Optional<Line> line = proxy.last("balance");
        if (line.isEmpty()) {
            return;
        }
        Mark at = line.get().at();
        String method = line.get().word(1).toLowerCase(Locale.ROOT);
        boolean http = proxy.isHttp();
        switch (method.replaceFirst("\\(.*", "")) {
            case "roundrobin", "static-rr" -> {
                // The default of both.
            }
            case "leastconn" -> pool.text("balance", at, "least-connections");
            case "source" -> pool.text("balance", at, "source-hash");
            case "first" -> pool.text("balance", at, "first");
            case "random" -> pool.text("balance", at, "random-two");
            case "uri" -> {
                if (http) {
                    pool.text("balance", at, "uri-hash");
                    if (!line.get().from(2).contains("whole")) {
                        remarks.note(at, "uri-hash takes the query too, as balance uri whole does");
                    }
                }
            }
            case "hdr" -> {
                String name = line.get().word(1).replaceFirst("^hdr\\((.*)\\)$", "$1");
                if (http && Pattern.matches("[A-Za-z0-9!#$%&'*+.^`|~-]{1,100}", name)) {
                    pool.text("balance", at, "header-hash:" + name);
                }
            }
            case "hash" -> {
                String of = line.get().word(1) + line.get().word(2);
                if (of.contains("src")) {
                    pool.text("balance", at, "source-hash");
                } else {
                    other(at, line.get().text());
                }
            }
            default -> other(at, line.get().text());
        }
    }

    private void other(Mark at, String text) {
        remarks.left(
                at,
                "%s is no way to choose a server here".formatted(Text.shown(text)),
                "the pool takes them in turn; see balance in docs/configuration.md");
    }

    private void sticky(Proxy proxy, Node.Mapping pool) {
        Optional<Line> cookie = proxy.last("cookie").filter(_ -> proxy.isHttp());
        if (cookie.isPresent()) {
            cookie(cookie.get(), pool);
            return;
        }
        for (Line line : proxy.all("stick")) {
            Mark at = line.at();
            String what = line.word(2);
            boolean learns = line.is("stick", "store-response");
            if ((line.is("stick", "on") || line.is("stick", "match"))
                    && what.startsWith("src")
                    && !pool.has("sticky")) {
                Node.Mapping sticky = new Node.Mapping(at).word("source", at, true);
                expire(proxy).ifPresent(time -> sticky.word("ttl", at, Times.text(time)));
                pool.put("sticky", sticky);
            } else if (proxy.isHttp()
                    && Pattern.matches(
                            "(req\\.|res\\.)?(cookie|cook|set-cookie|scook)\\([^()]+\\)", what)
                    && (!pool.has("sticky") || learns)) {
                pool.put(
                        "sticky",
                        new Node.Mapping(at)
                                .text(
                                        "app-cookie",
                                        at,
                                        what.replaceFirst(".*\\(([^()]+)\\)", "$1")));
            } else if (!(line.is("stick", "match")
                    && pool.has("sticky")
                    && what.contains("cook"))) {
                remarks.left(
                        at,
                        "%s does not keep a client with a server here"
                                .formatted(Text.shown(line.text())),
                        "see sticky in docs/configuration.md");
            }
        }
    }

    private static Optional<Duration> expire(Proxy proxy) {
        return proxy.last("stick-table")
                .flatMap(
                        line -> {
                            int at = line.words().indexOf("expire");
                            return at < 0 ? Optional.empty() : Proxy.time(line.word(at + 1));
                        })
                .filter(
                        time ->
                                time.compareTo(Duration.ofSeconds(1)) >= 0
                                        && time.compareTo(Duration.ofDays(30)) <= 0);
    }

    private void cookie(Line line, Node.Mapping pool) {
        Mark at = line.at();
        String name = line.word(1);
        List<String> words = line.from(2);
        if (words.contains("prefix") || words.contains("rewrite")) {
            pool.put("sticky", new Node.Mapping(at).text("app-cookie", at, name));
            remarks.note(
                    at,
                    "the application's cookie goes unchanged: which server it belongs to is remembered on this host");
            return;
        }
        Node.Mapping sticky = new Node.Mapping(at).text("cookie", at, name);
        sticky.word("secure", at, words.contains("secure"));
        sticky.word("http-only", at, words.contains("httponly"));
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.equals("attr") && i + 1 < words.size()) {
                String attribute = words.get(++i);
                if (attribute.toLowerCase(Locale.ROOT).startsWith("samesite=")) {
                    String site = attribute.substring(9).toLowerCase(Locale.ROOT);
                    if (!site.equals("none") || words.contains("secure")) {
                        sticky.text("same-site", at, site);
                    }
                } else {
                    attribute(at, attribute);
                }
            } else if (List.of("domain", "maxidle", "maxlife").contains(word)) {
                attribute(at, word);
                i++;
            } else if (!COOKIE_WORDS.contains(word)
                    && !word.equals("secure")
                    && !word.equals("httponly")) {
                attribute(at, word);
            }
        }
        pool.put("sticky", sticky);
        remarks.note(
                at,
                "cookies of HAProxy are not read: each client is given a new one once, whose value says nothing of the server");
    }

    private void attribute(Mark at, String word) {
        remarks.left(
                at,
                "%s of a cookie has no like here".formatted(Text.shown(word)),
                "its attributes are secure, http-only and same-site");
    }

    // --- retries and times

    private void retries(Proxy proxy, Node.Mapping pool) {
        Optional<Line> count = proxy.last("retries");
        Optional<Line> on = proxy.last("retry-on").filter(_ -> proxy.isHttp());
        if (count.isEmpty() && on.isEmpty()) {
            return;
        }
        Node.Mapping retries =
                new Node.Mapping(count.or(() -> on).map(Line::at).orElse(proxy.at()));
        count.filter(line -> Pattern.matches("[0-9]{1,4}", line.word(1)))
                .ifPresent(
                        line ->
                                retries.word(
                                        "count",
                                        line.at(),
                                        Math.min(10, Integer.parseInt(line.word(1)))));
        on.ifPresent(line -> when(line, retries));
        if (!retries.isEmpty()) {
            pool.put("retries", retries);
        }
    }

    private void when(Line line, Node.Mapping retries) {
        Mark at = line.at();
        Set<String> when = new LinkedHashSet<>();
        for (String word : line.from(1)) {
            switch (word) {
                case "none" -> retries.word("count", at, 0);
                case "conn-failure" -> when.add("connect");
                case "empty-response", "response-timeout", "junk-response" -> {
                    if (word.equals("empty-response")) {
                        when.add("reset-before-response");
                    } else {
                        remarks.left(
                                at,
                                "nothing is tried again after %s".formatted(word),
                                "write reset-before-response or a status under retries");
                    }
                }
                case "all-retryable-errors" ->
                        when.addAll(
                                List.of(
                                        "connect",
                                        "reset-before-response",
                                        "500",
                                        "502",
                                        "503",
                                        "504"));
                case "0rtt-rejected" -> {
                    // There is none.
                }
                default -> {
                    if (Pattern.matches("[45][0-9][0-9]", word)) {
                        when.add(word);
                    } else {
                        remarks.left(
                                at,
                                "%s is no reason to try again".formatted(Text.shown(word)),
                                "see retries in docs/configuration.md");
                    }
                }
            }
        }
        if (!when.isEmpty()) {
            Node.Items items = new Node.Items(at);
            when.forEach(word -> items.add(Node.word(at, word)));
            retries.put("when", items);
        }
    }

    private static void times(Proxy proxy, Node.Mapping pool) {
        Node.Mapping timeouts = new Node.Mapping(proxy.at());
        timeout(proxy, "connect", timeouts, "connect");
        if (proxy.isHttp()) {
            timeout(proxy, "server", timeouts, "response");
            timeout(proxy, "server", timeouts, "response-idle");
        }
        if (!timeouts.isEmpty()) {
            pool.put("timeouts", timeouts);
        }
        Node.Mapping queue = new Node.Mapping(proxy.at());
        timeout(proxy, "queue", queue, "timeout");
        if (!queue.isEmpty()) {
            pool.put("queue", queue);
        }
    }

    static void timeout(Proxy proxy, String name, Node.Mapping to, String key) {
        proxy.last("timeout", name)
                .ifPresent(
                        line ->
                                Proxy.time(line.word(2))
                                        .filter(time -> !time.isZero())
                                        .ifPresent(
                                                time -> to.word(key, line.at(), Times.text(time))));
    }

    private void source(Proxy proxy, Node.Mapping pool, List<Options> options) {
        Optional<Line> line = proxy.last("source");
        String address =
                line.map(l -> l.word(1)).or(() -> options.getFirst().get("source")).orElse("");
        boolean client =
                line.map(Line::text).orElse("").contains("usesrc client")
                        || options.getFirst().get("usesrc").orElse("").startsWith("client");
        Mark at = line.map(Line::at).orElse(proxy.at());
        String plain = address.replaceAll(":[0-9*]*$", "");
        if (client) {
            if (proxy.isHttp()) {
                remarks.left(
                        at,
                        "requests share connections, so servers cannot see the client's address on them",
                        "let them read X-Forwarded-For, or write send-proxy of the pool");
            } else {
                pool.text("source", at, "client");
            }
        } else if (!plain.isEmpty() && !plain.equals("0.0.0.0") && !plain.equals("*")) {
            if (Networks.address(plain).isPresent()) {
                pool.text("source", at, plain);
            } else {
                remarks.left(
                        at,
                        "%s is no address of this host".formatted(Text.shown(address)),
                        "write source of the pool");
            }
        }
    }

    private void tcp(Proxy proxy, Node.Mapping pool, List<Options> options, List<Mark> marks) {
        Node.Mapping tcp = new Node.Mapping(proxy.at());
        keepAlive(proxy, tcp, "srvtcpka");
        options.getFirst()
                .get("tcp-ut")
                .flatMap(Proxy::time)
                .ifPresent(time -> tcp.word("user-timeout", marks.getFirst(), Times.text(time)));
        if (!tcp.isEmpty()) {
            pool.put("tcp", tcp);
        }
    }

    /** {@code clitcpka-idle} and its kin, of clients or of servers. */
    static void keepAlive(Proxy proxy, Node.Mapping tcp, String side) {
        for (String[] pair : new String[][] {{"idle", "idle"}, {"intvl", "every"}}) {
            proxy.last(side + "-" + pair[0])
                    .ifPresent(
                            line ->
                                    Proxy.time(line.word(1))
                                            .ifPresent(
                                                    time ->
                                                            tcp.within("keep-alive", line.at())
                                                                    .word(
                                                                            pair[1],
                                                                            line.at(),
                                                                            Math.max(
                                                                                            1,
                                                                                            time
                                                                                                    .toSeconds())
                                                                                    + "s")));
        }
        proxy.last(side + "-cnt")
                .filter(line -> Pattern.matches("[1-9][0-9]{0,2}", line.word(1)))
                .ifPresent(
                        line ->
                                tcp.within("keep-alive", line.at())
                                        .word("count", line.at(), line.word(1)));
    }
}
