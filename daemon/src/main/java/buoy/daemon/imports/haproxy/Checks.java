package buoy.daemon.imports.haproxy;

import buoy.config.Text;
import buoy.daemon.imports.draft.Mark;
import buoy.daemon.imports.draft.Node;
import buoy.daemon.imports.draft.Patterns;
import buoy.daemon.imports.draft.Remarks;
import buoy.daemon.imports.draft.Times;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code health} of a pool: {@code option httpchk} and its kin, and {@code check} of its servers.
 */
final class Checks {
    /** Paths of Patroni's REST API, and the roles that they ask for. */
    private static final Map<String, String> PATRONI =
            Map.ofEntries(
                    Map.entry("/", "primary"),
                    Map.entry("/primary", "primary"),
                    Map.entry("/master", "primary"),
                    Map.entry("/leader", "primary"),
                    Map.entry("/read-write", "primary"),
                    Map.entry("/replica", "replica"),
                    Map.entry("/read-only", "replica"),
                    Map.entry("/sync", "sync"),
                    Map.entry("/synchronous", "sync"),
                    Map.entry("/async", "async"),
                    Map.entry("/asynchronous", "async"),
                    Map.entry("/standby-leader", "standby-leader"),
                    Map.entry("/standby_leader", "standby-leader"));

    private static final int PATRONI_PORT = 8008;

    /** What HAProxy takes where nothing is said. */
    private static final Duration INTER = Duration.ofSeconds(2);

    /**
     * @param postgres whether it is PostgreSQL that is checked
     */
    record Health(Optional<Node.Mapping> node, boolean postgres) {}

    private final Context context;
    private final Remarks remarks;
    private final Proxy proxy;

    Checks(Context context, Proxy proxy) {
        this.context = context;
        this.remarks = context.remarks();
        this.proxy = proxy;
    }

    /**
     * @param servers the options of each
     * @param marks where each server stands
     */
    Health of(List<Options> servers, List<Mark> marks) {
        int first = -1;
        for (int i = 0; i < servers.size() && first < 0; i++) {
            if (servers.get(i).has("check") || servers.get(i).has("agent-check")) {
                first = i;
            }
        }
        if (first < 0) {
            return new Health(Optional.empty(), false);
        }
        for (int i = 0; i < servers.size(); i++) {
            if (!servers.get(i).has("check") && !servers.get(i).has("agent-check")) {
                remarks.note(
                        marks.get(i), "this server is checked too: health is for a whole pool");
            }
            for (String word : List.of("inter", "fastinter", "rise", "fall", "port")) {
                if (!servers.get(i).get(word).equals(servers.get(first).get(word)) && i > first) {
                    remarks.left(
                            marks.get(i),
                            "%s is another than that of the pool's first server".formatted(word),
                            "make a pool of servers that are checked in the same way");
                }
            }
        }
        Options options = servers.get(first);
        Mark at = marks.get(first);
        Node.Mapping health = new Node.Mapping(at);
        boolean postgres = probe(health, options, at);
        if (health.isEmpty()) {
            return new Health(Optional.empty(), postgres);
        }
        times(health, options, at);
        return new Health(Optional.of(health), postgres);
    }

    private void times(Node.Mapping health, Options options, Mark at) {
        boolean agent = health.has("agent");
        Duration every =
                options.get(agent ? "agent-inter" : "inter").flatMap(Proxy::time).orElse(INTER);
        health.word("every", at, Times.text(every));
        Duration timeout =
                proxy.timeout("check")
                        .orElse(every.compareTo(Duration.ofSeconds(60)) > 0 ? INTER : every);
        health.word("timeout", at, Times.text(timeout));
        number(options, "fall", at).ifPresent(n -> health.word("fall", at, n));
        number(options, "rise", at).ifPresent(n -> health.word("rise", at, n));
        options.get("fastinter")
                .flatMap(Proxy::time)
                .ifPresent(fast -> health.word("fast", at, Times.text(fast)));
        if (options.has("downinter")) {
            remarks.note(
                    at, "servers that are down are checked as often as others: downinter is left");
        }
        for (String word :
                List.of("addr", "check-via-socks4", "track", "agent-send", "agent-addr")) {
            if (options.has(word)) {
                remarks.left(
                        at,
                        "%s: a server is checked where it serves".formatted(word),
                        word.equals("track")
                                ? "give this pool a health of its own"
                                : "use health: {external: [PROGRAM]}");
            }
        }
    }

    private Optional<String> number(Options options, String word, Mark at) {
        Optional<String> number = options.get(word);
        if (number.isPresent() && !Pattern.matches("[1-9][0-9]?|100", number.get())) {
            remarks.left(at, "%s is not 1..100".formatted(word), "write fall and rise of health");
            return Optional.empty();
        }
        return number;
    }

    /** Adds what is asked of a server; whether that is PostgreSQL. */
    private boolean probe(Node.Mapping health, Options options, Mark at) {
        if (!options.has("check")) {
            agent(health, options, at);
            return false;
        }
        if (options.has("agent-check")) {
            remarks.left(
                    at,
                    "agent-check beside check: a pool has one kind of check",
                    "write health: {agent: {port: N}} where the agent is to decide");
        }
        Optional<Line> http = proxy.option("httpchk");
        if (http.isPresent()) {
            return http(health, http.get(), options);
        }
        Optional<Line> external = proxy.option("external-check");
        if (external.isPresent()) {
            Optional<Line> command = proxy.last("external-check", "command");
            if (command.filter(c -> c.word(2).startsWith("/")).isPresent()) {
                health.put(
                        "external",
                        Node.Items.texts(command.get().at(), List.of(command.get().word(2))));
            } else {
                remarks.left(
                        external.get().at(),
                        "external-check names no program by its whole path",
                        "write health: {external: [/path/of/the/program]}");
            }
            return false;
        }
        if (proxy.option("pgsql-check").isPresent()) {
            health.put("tcp", new Node.Mapping(at));
            remarks.note(
                    proxy.option("pgsql-check").get().at(),
                    "the port alone is checked; health: {postgres: {role: primary, user: NAME}} logs in and knows roles, see docs/postgres.md");
            return true;
        }
        tcp(health, options, at);
        return false;
    }

    private void agent(Node.Mapping health, Options options, Mark at) {
        String port = options.get("agent-port").orElse("");
        if (isPort(port)) {
            health.put("agent", new Node.Mapping(at).word("port", at, port));
        } else {
            remarks.left(at, "agent-check without agent-port", "write health: {agent: {port: N}}");
        }
    }

    // --- tcp

    private void tcp(Node.Mapping health, Options options, Mark at) {
        Node.Mapping tcp = new Node.Mapping(at);
        if (options.has("port")) {
            remarks.left(
                    at,
                    "a check that only connects asks the port where the server serves",
                    "use health: {http: {port: N}} or {external: [PROGRAM]}");
        }
        if (proxy.option("redis-check").isPresent()) {
            tcp.text("send", at, "PING\r\n").text("expect", at, "+PONG");
        } else if (proxy.option("smtpchk").isPresent()) {
            tcp.text("expect", at, "220");
        } else {
            for (String kind :
                    List.of("mysql-check", "ldap-check", "ssl-hello-chk", "spop-check")) {
                proxy.option(kind)
                        .ifPresent(
                                line ->
                                        remarks.left(
                                                line.at(),
                                                "%s is not known: the port alone is checked"
                                                        .formatted(kind),
                                                "use health: {external: [PROGRAM]} for more"));
            }
            if (proxy.option("tcp-check").isPresent()) {
                tcpRules(tcp);
            }
        }
        health.put("tcp", tcp);
    }

    private void tcpRules(Node.Mapping tcp) {
        for (Line line : proxy.all("tcp-check")) {
            Mark at = line.at();
            String last = line.words().getLast();
            if (line.is("tcp-check", "send") && !tcp.has("send")) {
                tcp.text("send", at, line.word(2));
            } else if (line.is("tcp-check", "expect", "string") && !tcp.has("expect")) {
                tcp.text("expect", at, line.word(3));
            } else if (line.is("tcp-check", "expect", "rstring")
                    && !tcp.has("expect")
                    && Pattern.matches("\\^?[A-Za-z0-9 +_-]+", line.word(3))) {
                tcp.text("expect", at, line.word(3).replaceFirst("^\\^", ""));
            } else if (!line.is("tcp-check", "comment")
                    && !(line.is("tcp-check", "connect") && line.words().size() == 2)) {
                remarks.left(
                        at,
                        "a check of TCP says one thing and expects one answer (%s)"
                                .formatted(Text.shown(last)),
                        "use health: {external: [PROGRAM]} for a longer talk");
            }
        }
    }

    // --- http

    private boolean http(Node.Mapping health, Line option, Options options) {
        Mark at = option.at();
        List<String> words = option.from(2);
        String method = words.size() > 1 ? words.get(0) : "OPTIONS";
        String path = words.isEmpty() ? "/" : words.size() == 1 ? words.getFirst() : words.get(1);
        String host = "";
        Node.Mapping headers = new Node.Mapping(at);
        // The old way to send fields: behind the version, with the line's end written out.
        String tail = words.size() > 2 ? String.join(" ", words.subList(2, words.size())) : "";
        for (String field : tail.split("\\r?\\n", -1)) {
            int colon = field.indexOf(':');
            if (colon > 0 && !field.startsWith("HTTP/")) {
                String name = field.substring(0, colon).strip();
                String value = field.substring(colon + 1).strip();
                if (name.equalsIgnoreCase("host")) {
                    host = value;
                } else if (!value.isEmpty()) {
                    header(headers, at, name, value);
                }
            }
        }
        for (Line send : proxy.all("http-check", "send")) {
            List<String> args = send.from(2);
            for (int i = 0; i + 1 < args.size(); i++) {
                switch (args.get(i)) {
                    case "meth" -> method = args.get(++i);
                    case "uri", "uri-lf" -> path = args.get(++i);
                    case "ver" -> i++;
                    case "hdr" -> {
                        String name = args.get(++i);
                        String value = i + 1 < args.size() ? args.get(++i) : "";
                        if (name.equalsIgnoreCase("host")) {
                            host = value;
                        } else {
                            header(headers, send.at(), name, value);
                        }
                    }
                    case "body", "body-lf" -> {
                        remarks.left(
                                send.at(),
                                "a check sends no content",
                                "use health: {external: [PROGRAM]} for it");
                        i++;
                    }
                    default ->
                            remarks.left(
                                    send.at(),
                                    "%s is not known of http-check send"
                                            .formatted(Text.shown(args.get(i))),
                                    "see health in docs/configuration.md");
                }
            }
        }
        Optional<String> port = options.get("port").filter(this::isPort);
        if (!proxy.isHttp() && isPatroni(path, port)) {
            patroni(health, at, path, port, options);
            return true;
        }
        Node.Mapping http = new Node.Mapping(at);
        if (path.startsWith("/") && Pattern.matches("/[!-~&&[^#]]{0,2000}", path)) {
            http.text("path", at, path);
        } else {
            remarks.left(
                    at,
                    "%s is no path".formatted(Text.shown(path)),
                    "write health: {http: {path: PATH}}");
            http.text("path", at, "/");
        }
        method = method.toUpperCase(Locale.ROOT);
        if (Pattern.matches("[A-Z]{1,20}", method) && !method.equals("GET")) {
            http.text("method", at, method);
        }
        if (Pattern.matches("[A-Za-z0-9._:\\[\\]-]{1,255}", host)) {
            http.text("host", at, host);
        }
        if (!headers.isEmpty()) {
            http.put("headers", headers);
        }
        port.ifPresent(number -> http.word("port", at, number));
        expect(http, at);
        for (Line line : proxy.all("http-check")) {
            if (!line.is("http-check", "send")
                    && !line.is("http-check", "expect")
                    && !(line.is("http-check", "connect") && line.words().size() == 2)) {
                remarks.left(
                        line.at(),
                        "%s is not known of checks"
                                .formatted(Text.shown("http-check " + line.word(1))),
                        "see health in docs/configuration.md; external runs a program");
            }
        }
        if (options.has("check-ssl") && !options.has("ssl")) {
            remarks.left(
                    at,
                    "a check speaks TLS where the pool does",
                    "write tls of the pool, or check with external");
        }
        health.put("http", http);
        return false;
    }

    private void header(Node.Mapping headers, Mark at, String name, String value) {
        if (Pattern.matches("[A-Za-z0-9!#$%&'*+.^`|~-]{1,100}", name)
                && !List.of("user-agent", "accept", "connection", "content-length", "te", "expect")
                        .contains(name.toLowerCase(Locale.ROOT))
                && value.equals(value.strip())
                && !value.contains("%[")) {
            headers.text(name, at, value);
        } else if (!name.equalsIgnoreCase("connection")) {
            remarks.left(
                    at,
                    "the field %s of a check".formatted(Text.shown(name)),
                    "let the path not need it");
        }
    }

    private void expect(Node.Mapping http, Mark option) {
        List<Line> rules =
                proxy.own("http-check", "expect").isEmpty()
                        ? proxy.all("http-check", "expect")
                        : proxy.own("http-check", "expect");
        boolean status = false;
        for (Line line : rules) {
            Mark at = line.at();
            List<String> words = new ArrayList<>(line.from(2));
            while (words.size() > 2
                    && List.of(
                                    "min-recv",
                                    "comment",
                                    "ok-status",
                                    "error-status",
                                    "tout-status",
                                    "on-success",
                                    "on-error",
                                    "status-code")
                            .contains(words.getFirst())) {
                words.subList(0, 2).clear();
            }
            String kind = words.isEmpty() ? "" : words.getFirst();
            String value = words.size() > 1 ? String.join(" ", words.subList(1, words.size())) : "";
            Optional<List<String>> ranges =
                    switch (kind) {
                        case "status" -> statuses(value);
                        case "rstatus" -> statusPattern(value);
                        default -> Optional.empty();
                    };
            if (ranges.isPresent() && !status) {
                http.put(
                        "expect",
                        ranges.get().size() == 1
                                ? Node.word(at, ranges.get().getFirst())
                                : words(at, ranges.get()));
                status = true;
            } else if (kind.equals("string") && !http.has("body") && !value.isEmpty()) {
                http.text("body", at, value);
            } else if (kind.equals("rstring")
                    && !http.has("body-regex")
                    && Pattern.matches("[ -~]{1,900}", value)
                    && Patterns.ofPath(value.replace(" ", "_"), false).isPresent()) {
                http.text("body-regex", at, value);
            } else {
                remarks.left(
                        at,
                        "%s is not expected of answers"
                                .formatted(Text.shown(String.join(" ", line.from(2)))),
                        "write expect, body or body-regex of health: {http: ...}");
            }
        }
        if (!status && rules.isEmpty()) {
            // As HAProxy has it where nothing is said.
            http.word("expect", option, "200-399");
        } else if (!status) {
            http.word("expect", option, "200-599");
        }
    }

    private static Node.Items words(Mark at, List<String> words) {
        Node.Items items = new Node.Items(at);
        words.forEach(w -> items.add(Node.word(at, w)));
        return items;
    }

    private static Optional<List<String>> statuses(String text) {
        List<String> ranges = new ArrayList<>();
        for (String range : text.split(",", -1)) {
            if (!Pattern.matches("[2-5][0-9][0-9](-[2-5][0-9][0-9])?", range)
                    || range.substring(0, 3).compareTo(range.substring(range.length() - 3)) > 0) {
                return Optional.empty();
            }
            ranges.add(range);
        }
        return Optional.of(ranges);
    }

    /** {@code ^2}, {@code ^[23]}, {@code (2|3)[0-9][0-9]}. */
    private static Optional<List<String>> statusPattern(String text) {
        Matcher matcher =
                Pattern.compile("\\^?(?:([2-5])|\\[([2-5-]+)]|\\(([2-5](?:\\|[2-5])*)\\))(.*)")
                        .matcher(text);
        if (!matcher.matches()
                || !Pattern.matches(
                        "(\\.\\.|\\.\\*|(\\[0-9]|\\\\d){2}|\\\\d\\{2}|\\[0-9]\\{2})?\\$?",
                        matcher.group(4))) {
            return Optional.empty();
        }
        List<String> ranges = new ArrayList<>();
        for (char digit = '2'; digit <= '5'; digit++) {
            boolean in =
                    matcher.group(1) != null
                            ? matcher.group(1).indexOf(digit) >= 0
                            : matcher.group(2) != null
                                    ? Pattern.matches(
                                            "[" + matcher.group(2) + "]", String.valueOf(digit))
                                    : matcher.group(3).indexOf(digit) >= 0;
            if (in) {
                ranges.add("%c00-%c99".formatted(digit, digit));
            }
        }
        return ranges.isEmpty() ? Optional.empty() : Optional.of(ranges);
    }

    // --- patroni

    private static boolean isPatroni(String path, Optional<String> port) {
        String plain = path.replaceFirst("\\?.*", "");
        return PATRONI.containsKey(plain)
                && (!plain.equals("/") || port.filter("8008"::equals).isPresent());
    }

    private void patroni(
            Node.Mapping health, Mark at, String path, Optional<String> port, Options options) {
        String plain = path.replaceFirst("\\?.*", "");
        String role = PATRONI.getOrDefault(plain, "primary");
        Node.Mapping patroni = new Node.Mapping(at).text("role", at, role);
        String number = port.orElse("");
        if (number.isEmpty()) {
            remarks.note(
                    at,
                    "Patroni is asked on port %d (HAProxy asked the server's own)"
                            .formatted(PATRONI_PORT));
        } else if (!number.equals(String.valueOf(PATRONI_PORT))) {
            patroni.word("port", at, number);
        }
        if (plain.equals("/read-only")) {
            remarks.note(
                    at,
                    "/read-only takes the primary too: write fallback: POOL with a pool of the primary where readers may go there");
        }
        Matcher lag = Pattern.compile(".*[?&]lag=([0-9]{1,10})(kB|MB|GB)?(&.*)?").matcher(path);
        if (lag.matches() && (role.equals("replica") || role.equals("async"))) {
            String unit = lag.group(2) == null ? "B" : lag.group(2).toUpperCase(Locale.ROOT);
            patroni.word(
                    "max-lag", at, lag.group(1) + (unit.equals("B") ? "B" : unit.charAt(0) + "iB"));
        } else if (path.contains("?")) {
            remarks.left(
                    at,
                    "%s asks for more than a role".formatted(Text.shown(path)),
                    "see health: {patroni: ...} in docs/configuration.md");
        }
        if (options.has("check-ssl")) {
            Node.Mapping tls = new Node.Mapping(at);
            Optional<String> ca =
                    options.get("ca-file").flatMap(file -> context.authority(at, file));
            if (options.get("verify").orElse("required").equals("none")) {
                tls.word("verify", at, false);
            }
            ca.ifPresent(file -> tls.text("ca", at, file));
            patroni.put("tls", tls);
        }
        health.put("patroni", patroni);
    }

    private boolean isPort(String text) {
        return Pattern.matches("[0-9]{1,5}", text)
                && Integer.parseInt(text) >= 1
                && Integer.parseInt(text) <= 65535;
    }
}
