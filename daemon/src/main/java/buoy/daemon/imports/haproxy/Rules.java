package buoy.daemon.imports.haproxy;

import buoy.config.Text;
import buoy.daemon.imports.draft.Fields;
import buoy.daemon.imports.draft.Mark;
import buoy.daemon.imports.draft.Node;
import buoy.daemon.imports.draft.PathTest;
import buoy.daemon.imports.draft.Patterns;
import buoy.daemon.imports.draft.Remarks;
import buoy.daemon.imports.draft.RouteMatch;
import buoy.daemon.imports.haproxy.Rule.Action;
import buoy.daemon.imports.haproxy.Test.Literal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The rules of one proxy in the order in which HAProxy tries them: {@code tcp-request}, {@code
 * monitor-uri}, {@code http-request}, {@code redirect}, {@code use_backend}, {@code
 * default_backend}. What changes fields goes to {@link Fields} instead.
 */
final class Rules {
    /** Actions that change nothing of where a request goes, and that nothing is missing without. */
    private static final Set<String> NOTHING =
            Set.of(
                    "wait-for-body",
                    "disable-l7-retry",
                    "set-log-level",
                    "set-nice",
                    "set-priority-class",
                    "set-priority-offset",
                    "set-tos",
                    "set-mark",
                    "strict-mode",
                    "unset-var",
                    "wait-for-handshake",
                    "track-sc0",
                    "track-sc1",
                    "track-sc2",
                    "normalize-uri");

    private static final Map<String, String> INSTEAD =
            Map.ofEntries(
                    Map.entry(
                            "set-var",
                            "let the application keep it; a header field may carry a variable"),
                    Map.entry("set-var-fmt", "let the application keep it"),
                    Map.entry("cache-use", "Buoy is no cache: keep one behind it"),
                    Map.entry("cache-store", "Buoy is no cache: keep one behind it"),
                    Map.entry("set-src", "name the proxies in trusted-proxies of the listener"),
                    Map.entry(
                            "replace-header",
                            "write headers: {request: {set: ...}} with the value that is meant"),
                    Map.entry(
                            "replace-value",
                            "write headers: {request: {set: ...}} with the value that is meant"),
                    Map.entry("early-hint", "let the application send it"),
                    Map.entry(
                            "capture",
                            "write access-log with a pattern; see docs/configuration.md"),
                    Map.entry("do-resolve", "write the server with its name"),
                    Map.entry("set-method", "let the application take the method as it is"),
                    Map.entry("set-query", "let the application take the query as it is"),
                    Map.entry("set-status", "let the application answer so"));

    private final Remarks remarks;
    private final Proxy proxy;
    private final Map<String, List<Test>> acls;
    private final Fetch fetch;
    private final Routes.Situation situation;
    private final Fields fields;
    private final boolean ownFields;
    private final List<Rule> rules = new ArrayList<>();

    /**
     * @param fields where changes of fields go
     * @param ownFields whether they may: false where other backends share the listener
     */
    Rules(
            Context context,
            Proxy proxy,
            Routes.Situation situation,
            Fields fields,
            boolean ownFields) {
        this.remarks = context.remarks();
        this.proxy = proxy;
        this.situation = situation;
        this.fields = fields;
        this.ownFields = ownFields;
        this.fetch = context.fetch();
        this.acls = Condition.acls(proxy.all("acl"), fetch);
    }

    List<Rule> read() {
        proxy.all("tcp-request").forEach(this::session);
        endSkips(0);
        if (situation.http()) {
            proxy.last("monitor-uri").ifPresent(this::monitor);
            int from = rules.size();
            for (Line line : proxy.all("http-request")) {
                request(line);
            }
            endSkips(from);
            proxy.all("http-response").forEach(line -> response(line, "http-response"));
            proxy.all("http-after-response").forEach(line -> response(line, "http-after-response"));
            for (Line line : proxy.all("redirect")) {
                Condition.Split split = Condition.split(line.words(), acls, fetch);
                redirect(line, split.action().subList(1, split.action().size()), split.condition());
            }
        }
        for (Line line : proxy.own("use_backend")) {
            Condition.Split split = Condition.split(line.words(), acls, fetch);
            String name = split.action().size() > 1 ? split.action().get(1) : "";
            if (name.contains("%[")) {
                remarks.left(
                        line.at(),
                        "the backend's name is made of the request",
                        "write a route for each: match: {host: NAME} and its pool");
            } else {
                rules.add(new Rule(line.at(), split.condition(), new Action.ToPool(name)));
            }
        }
        proxy.last("default_backend")
                .filter(_ -> proxy.isFrontend())
                .ifPresent(
                        line ->
                                rules.add(
                                        new Rule(
                                                line.at(),
                                                Condition.ALWAYS,
                                                new Action.ToPool(line.word(1)))));
        return rules;
    }

    /** A rule that lets pass ends the rules of its kind, whose end is known now. */
    private void endSkips(int from) {
        for (int i = from; i < rules.size(); i++) {
            Rule rule = rules.get(i);
            if (rule.action() instanceof Action.Skip) {
                rules.set(i, new Rule(rule.at(), rule.condition(), new Action.Skip(rules.size())));
            }
        }
    }

    private void add(Line line, Condition condition, Action action) {
        rules.add(new Rule(line.at(), condition, action));
    }

    // --- tcp-request

    private void session(Line line) {
        if (line.is("tcp-request", "inspect-delay")) {
            return;
        }
        Condition.Split split = Condition.split(line.words(), acls, fetch);
        String action = split.action().size() > 2 ? split.action().get(2) : "";
        switch (action) {
            case "accept" -> {
                // Where it is the last rule, and says whom it is for, the others are let in too.
                if (!split.condition().equals(Condition.ALWAYS)) {
                    add(line, split.condition(), new Action.Skip(0));
                }
            }
            case "reject", "silent-drop" -> {
                if (situation.http()) {
                    add(line, split.condition(), answer(line.at(), 403, ""));
                } else {
                    add(line, split.condition(), new Action.Close());
                }
            }
            case "expect-proxy", "expect-netscaler-cip" ->
                    remarks.left(
                            line.at(),
                            "some clients send a PROXY header and others do not",
                            "write proxy-protocol: true with trusted-proxies, on a listener of its own");
            default -> {
                if (!NOTHING.contains(action)) {
                    remarks.left(
                            line.at(),
                            "tcp-request %s is not done here".formatted(Text.shown(action)),
                            INSTEAD.getOrDefault(action, "see docs/tcp.md for what there is"));
                }
            }
        }
    }

    private static Action.Answer answer(Mark at, int status, String body) {
        Node.Mapping respond = new Node.Mapping(at).word("status", at, status);
        if (!body.isEmpty()) {
            respond.text("body", at, body);
        }
        return new Action.Answer("respond", respond, status >= 400);
    }

    // --- http-request

    private void monitor(Line line) {
        String path = line.word(1);
        if (!path.startsWith("/") || path.matches(".*[?#%\\\\\\p{Cntrl}].*")) {
            remarks.left(
                    line.at(), "%s is no path".formatted(Text.shown(path)), "write a route for it");
            return;
        }
        Test asks = new Test.Asks(RouteMatch.ofPath(new PathTest.Exactly(path)));
        add(
                line,
                new Condition(List.of(List.of(new Literal(false, List.of(asks), path)))),
                answer(line.at(), 200, "Service ready.\n"));
    }

    private void request(Line line) {
        Condition.Split split = Condition.split(line.words(), acls, fetch);
        List<String> words = split.action();
        String action = words.size() > 1 ? words.get(1) : "";
        List<String> args = words.subList(Math.min(2, words.size()), words.size());
        switch (action) {
            case "allow" -> add(line, split.condition(), new Action.Skip(0));
            case "deny" -> add(line, split.condition(), answered(line.at(), args, 403));
            case "tarpit" -> add(line, split.condition(), answered(line.at(), args, 500));
            case "reject", "silent-drop" ->
                    add(line, split.condition(), answer(line.at(), 403, ""));
            case "return" -> add(line, split.condition(), answered(line.at(), args, 200));
            case "redirect" -> redirect(line, args, split.condition());
            case "auth" -> login(line, args, split.condition());
            case "set-header", "add-header", "del-header" ->
                    field(line, "request", action, args, split.condition());
            case "set-path",
                    "set-pathq",
                    "set-uri",
                    "replace-path",
                    "replace-pathq",
                    "replace-uri" ->
                    path(line, action, args, split.condition());
            case "use-service" -> {
                if (words.contains("prometheus-exporter")) {
                    remarks.note(
                            line.at(),
                            "metrics are at /metrics of stats (127.0.0.1:8404 unless stats.bind says otherwise), under names of their own");
                } else {
                    cannot(line, action);
                }
            }
            default -> {
                if (!NOTHING.contains(action) && !action.startsWith("track-sc")) {
                    cannot(line, action);
                }
            }
        }
    }

    private void cannot(Line line, String action) {
        remarks.left(
                line.at(),
                "%s %s is not done here".formatted(line.keyword(), Text.shown(action)),
                INSTEAD.getOrDefault(
                        action, "do it in the application; see docs/http.md for what there is"));
    }

    private Action.Answer answered(Mark at, List<String> args, int usual) {
        int status = usual;
        String body = "";
        for (int i = 0; i + 1 < args.size(); i++) {
            switch (args.get(i)) {
                case "deny_status", "status" -> {
                    String text = args.get(++i);
                    status =
                            Pattern.matches("[2-5][0-9][0-9]", text)
                                    ? Integer.parseInt(text)
                                    : usual;
                }
                case "string" -> body = args.get(++i);
                case "lf-string" -> {
                    body = args.get(++i);
                    if (body.contains("%")) {
                        remarks.left(
                                at,
                                "the answer is made of the request",
                                "write the text of respond; it has no variables");
                    }
                }
                case "file", "lf-file", "errorfile", "errorfiles" -> {
                    remarks.left(
                            at,
                            "the answer stands in a file, and respond has its text",
                            "write respond: {status: N, body: TEXT}");
                    i++;
                }
                case "content-type" -> {
                    String type = args.get(++i);
                    if (!type.startsWith("text/plain")) {
                        remarks.note(at, "answers of respond are text/plain");
                    }
                }
                case "hdr" -> {
                    remarks.left(
                            at,
                            "answers of respond have no fields of their own",
                            "write headers: {response: ...} of the listener");
                    i += 2;
                }
                default -> {
                    // The rest says how the answer is made, which is the same here.
                }
            }
        }
        if (Set.of(204, 205).contains(status) || (status >= 300 && status < 400)) {
            body = "";
        }
        Action.Answer answer = answer(at, status, body);
        return new Action.Answer(answer.key(), answer.value(), status >= 400);
    }

    private void redirect(Line line, List<String> args, Condition condition) {
        Mark at = line.at();
        String to = "";
        String kind = "";
        String code = "302";
        boolean dropsQuery = false;
        for (int i = 0; i < args.size(); i++) {
            String word = args.get(i);
            String next = i + 1 < args.size() ? args.get(i + 1) : "";
            switch (word) {
                case "location", "prefix", "scheme" -> {
                    kind = word;
                    to = next;
                    i++;
                }
                case "code" -> {
                    code = next;
                    i++;
                }
                case "drop-query" -> dropsQuery = true;
                case "ignore-empty" -> {
                    // A target that turns out empty is none here either.
                }
                case "set-cookie", "set-cookie-fmt", "clear-cookie" -> {
                    remarks.left(at, "a redirect sets no cookie", "let the application set it");
                    i++;
                }
                default ->
                        remarks.left(
                                at,
                                "%s of a redirect is not known".formatted(Text.shown(word)),
                                "write redirect: {to: URL} as it is meant");
            }
        }
        String rest = dropsQuery ? "${path}" : "${uri}";
        Optional<String> target =
                switch (kind) {
                    case "scheme" ->
                            Pattern.matches("https?", to)
                                    ? Optional.of(to + "://${host}" + rest)
                                    : Optional.empty();
                    case "prefix" ->
                            LogFormat.text(to.replaceAll("/+$", ""))
                                    .filter(prefix -> !prefix.isEmpty())
                                    .map(prefix -> prefix + rest);
                    default -> LogFormat.text(to);
                };
        if (target.isEmpty() || !Set.of("301", "302", "303", "307", "308").contains(code)) {
            remarks.left(
                    at,
                    "%s is no place to send clients to".formatted(Text.shown(to)),
                    "write redirect: {to: URL, status: 301}; see Variables in docs/configuration.md");
            return;
        }
        Node.Mapping redirect = new Node.Mapping(at).text("to", at, target.get());
        redirect.word("status", at, code);
        // Towards TLS it guards what is to be secret: by the letter.
        add(line, condition, new Action.Answer("redirect", redirect, kind.equals("scheme")));
    }

    private void login(Line line, List<String> args, Condition condition) {
        Optional<String> users =
                condition.oneOf().stream()
                        .flatMap(List::stream)
                        .filter(Literal::negated)
                        .flatMap(literal -> literal.anyOf().stream())
                        .flatMap(
                                test ->
                                        test instanceof Test.LoggedIn(var list)
                                                ? Stream.of(list)
                                                : Stream.empty())
                        .findFirst();
        if (users.isEmpty()) {
            remarks.left(
                    line.at(),
                    "nothing says which users may come in: everybody may here",
                    "write basic-auth: {users-file: FILE} of the routes");
            return;
        }
        int realm = args.indexOf("realm");
        Node.Mapping login = new Node.Mapping(line.at());
        login.text("users-file", line.at(), Userlists.file(users.get()));
        if (realm >= 0 && realm + 1 < args.size()) {
            String text = args.get(realm + 1).replaceAll("[^ -~]|[\"\\\\]", "");
            if (!text.isBlank()) {
                login.text("realm", line.at(), text.substring(0, Math.min(100, text.length())));
            }
        }
        add(line, condition, new Action.Login(login));
    }

    private void path(Line line, String action, List<String> args, Condition condition) {
        String pattern = args.isEmpty() ? "" : args.getFirst();
        String to = args.size() > 1 ? args.get(1) : "";
        if (action.startsWith("set-")) {
            Matcher regsub =
                    Pattern.compile(
                                    "%\\[(?:path|pathq|url),regsub\\(\"?'?([^,'\"]+)'?\"?,\"?'?([^,'\")]*)'?\"?\\)]")
                            .matcher(pattern);
            pattern = regsub.matches() ? regsub.group(1) : "";
            to = regsub.matches() ? regsub.group(2) : "";
            // What is put in place of /api alone would be the rest of the path as it stands.
            if (to.isEmpty() && Pattern.matches("\\^/[A-Za-z0-9_./-]*[A-Za-z0-9_-]", pattern)) {
                pattern = pattern + "/";
                to = "/";
            }
        }
        Optional<String> stripped = Patterns.stripped(pattern, to);
        boolean asksAgain =
                proxy.isFrontend()
                        && Stream.concat(
                                        proxy.all("use_backend").stream(),
                                        proxy.all("http-request").stream())
                                .anyMatch(
                                        other ->
                                                other.at().line() > line.at().line()
                                                        && other.text().contains("path"));
        if (stripped.isEmpty() || asksAgain || !onlyAboutPaths(condition)) {
            remarks.left(
                    line.at(),
                    "this change of the path has no like here",
                    "a route with pool may take a prefix off: rewrite: {strip-prefix: /api}");
            return;
        }
        add(line, Condition.ALWAYS, new Action.Strip(stripped.get()));
    }

    /** A prefix is only taken off where it is, so a condition of paths says nothing more. */
    private static boolean onlyAboutPaths(Condition condition) {
        return condition.oneOf().stream()
                .flatMap(List::stream)
                .allMatch(
                        literal ->
                                !literal.negated()
                                        && literal.anyOf().stream()
                                                .allMatch(
                                                        test ->
                                                                test instanceof Test.Asks(var match)
                                                                        && match.path()
                                                                                .isPresent()));
    }

    // --- fields

    private void response(Line line, String keyword) {
        Condition.Split split = Condition.split(line.words(), acls, fetch);
        List<String> words = split.action();
        String action = words.size() > 1 ? words.get(1) : "";
        if (Set.of("set-header", "add-header", "del-header").contains(action)) {
            field(line, "response", action, words.subList(2, words.size()), split.condition());
        } else if (!NOTHING.contains(action) && !action.equals("allow")) {
            remarks.left(
                    line.at(),
                    "%s %s is not done here".formatted(keyword, Text.shown(action)),
                    INSTEAD.getOrDefault(
                            action,
                            "do it in the application; see headers in docs/configuration.md"));
        }
    }

    private void field(
            Line line, String side, String action, List<String> args, Condition condition) {
        Optional<Boolean> holds = constant(condition);
        if (holds.isPresent() && !holds.get()) {
            return;
        }
        String name = args.isEmpty() ? "" : args.getFirst();
        if (holds.isEmpty()) {
            boolean forwarded = name.toLowerCase(Locale.ROOT).startsWith("x-forwarded-");
            if (forwarded && side.equals("request")) {
                remarks.note(line.at(), "Buoy itself writes %s for servers".formatted(name));
            } else {
                remarks.left(
                        line.at(),
                        "%s is changed for some messages alone, and headers are of a whole listener"
                                .formatted(Text.shown(name)),
                        "make a listener of its own for them, or let the application do it");
            }
            return;
        }
        if (!ownFields) {
            remarks.left(
                    line.at(),
                    "%s is changed for one backend alone, and headers are of a whole listener"
                            .formatted(Text.shown(name)),
                    "write headers of the listener, or let the application do it");
            return;
        }
        String what =
                switch (action) {
                    case "set-header" -> "set";
                    case "add-header" -> "add";
                    default -> "remove";
                };
        fields.change(
                line.at(),
                side,
                what,
                name,
                String.join(" ", args.subList(Math.min(1, args.size()), args.size())));
    }

    /** Whether it holds, where that is the same for all requests of the listener. */
    private Optional<Boolean> constant(Condition condition) {
        boolean any = false;
        for (List<Literal> conjunction : condition.oneOf()) {
            boolean all = true;
            for (Literal literal : conjunction) {
                boolean one = false;
                for (Test test : literal.anyOf()) {
                    switch (test) {
                        case Test.Always(boolean holds) -> one |= holds;
                        case Test.Encrypted() -> one |= situation.encrypted();
                        case Test.Port(int port) -> {
                            if (situation.ports().contains(port) && situation.ports().size() > 1) {
                                return Optional.empty();
                            }
                            one |= situation.ports().contains(port);
                        }
                        case Test.Asks _,
                                Test.LoggedIn _,
                                Test.FewerUp _,
                                Test.MoreThan _,
                                Test.Unknown _ -> {
                            return Optional.empty();
                        }
                    }
                }
                all &= one != literal.negated();
            }
            any |= all;
        }
        return Optional.of(any);
    }
}
