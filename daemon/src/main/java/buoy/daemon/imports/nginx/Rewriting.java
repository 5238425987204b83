package buoy.daemon.imports.nginx;

import buoy.config.Text;
import buoy.daemon.imports.draft.Mark;
import buoy.daemon.imports.draft.Node;
import buoy.daemon.imports.draft.PathTest;
import buoy.daemon.imports.draft.Patterns;
import buoy.daemon.imports.draft.RouteMatch;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * {@code return}, {@code rewrite} and {@code if} of a block, which come before all else it says, in
 * their order (ngx_http_rewrite_module).
 */
final class Rewriting {
    private static final Set<String> OURS = Set.of("return", "rewrite", "if", "break");
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    private static final int DEEPEST = 40;

    private final Site site;
    private final Context context;
    private final Scope scope;
    private final boolean location;

    /**
     * @param location whether it is one, and no server
     */
    Rewriting(Site site, Context context, Scope scope, boolean location) {
        this.location = location;
        this.site = site;
        this.context = context;
        this.scope = scope;
    }

    /**
     * Adds routes for what is answered here.
     *
     * @param rest gets what is not, with what is taken off the beginning of its path
     */
    void then(RouteMatch match, BiConsumer<RouteMatch, Optional<String>> rest) {
        List<Directive> lines =
                scope.own().stream().filter(each -> OURS.contains(each.name())).toList();
        from(lines, 0, match, Optional.empty(), rest, 0);
    }

    private void from(
            List<Directive> lines,
            int place,
            RouteMatch match,
            Optional<String> strip,
            BiConsumer<RouteMatch, Optional<String>> rest,
            int depth) {
        Optional<String> stripped = strip;
        for (int i = place; i < lines.size(); i++) {
            Directive line = lines.get(i);
            int next = i + 1;
            Optional<String> now = stripped;
            switch (line.name()) {
                case "return" -> {
                    answer(line, match);
                    return;
                }
                case "break" -> i = lines.size();
                case "if" -> {
                    if (site.isFull() || depth > DEEPEST) {
                        return;
                    }
                    if (condition(
                            line, match, both -> from(lines, next, both, now, rest, depth + 1))) {
                        return;
                    }
                }
                default -> {
                    Optional<PathTest> whole = redirected(line, match);
                    if (whole.filter(PathTest::takesAll).isPresent()) {
                        return;
                    }
                    if (whole.isEmpty()) {
                        Optional<String> prefix = stripped(line);
                        stripped = prefix.isPresent() ? prefix : stripped;
                    }
                }
            }
        }
        rest.accept(match, stripped);
    }

    /** Whether nothing that fits the match is left. */
    private boolean condition(Directive line, RouteMatch match, Consumer<RouteMatch> goOn) {
        Optional<Directive> answer =
                line.block().stream()
                        .filter(each -> each.is("return") || each.is("rewrite"))
                        .findFirst();
        Optional<Conditions.Asked> asked = Conditions.of(line, site.listener().way().encrypted());
        if (asked.isPresent() && asked.get().equals(Conditions.Asked.NEVER)) {
            return false;
        }
        boolean alone =
                line.block().stream()
                        .allMatch(each -> OURS.contains(each.name()) || each.is("set"));
        if (asked.isEmpty() || answer.isEmpty() || !alone) {
            context.remarks()
                    .left(
                            line.at(),
                            "%s decides about what no route can".formatted(Text.shown(line.text())),
                            "write a route with match: {host, path, methods, headers, query or client}");
            return false;
        }
        boolean all = false;
        for (RouteMatch each : asked.get().anyOf()) {
            Optional<RouteMatch> both = site.both(line.at(), match, each);
            if (both.isEmpty()) {
                continue;
            }
            all |= both.get().equals(match);
            if (asked.get().negated()) {
                goOn.accept(both.get());
            } else {
                body(answer.get(), both.get(), goOn);
            }
        }
        if (asked.get().negated() && !all) {
            body(answer.get(), match, goOn);
            return true;
        }
        return all;
    }

    private void body(Directive answer, RouteMatch match, Consumer<RouteMatch> goOn) {
        if (answer.is("return")) {
            answer(answer, match);
            return;
        }
        Optional<PathTest> whole = redirected(answer, match);
        if (whole.isEmpty()) {
            left(answer);
        }
        if (whole.filter(PathTest::takesAll).isEmpty()) {
            goOn.accept(match);
        }
    }

    // --- return

    private void answer(Directive line, RouteMatch match) {
        Mark at = line.at();
        site.handled(scope);
        OptionalInt status =
                Pattern.matches("[1-9][0-9]{2}", line.arg(0))
                        ? OptionalInt.of(Integer.parseInt(line.arg(0)))
                        : OptionalInt.empty();
        if (status.isEmpty()) {
            redirect(at, match, line.arg(0), 302);
        } else if (REDIRECTS.contains(status.getAsInt()) && line.args().size() > 1) {
            redirect(at, match, line.arg(1), status.getAsInt());
        } else if (status.getAsInt() == 444) {
            context.remarks()
                    .note(at, "NGINX closes the connection without an answer; here it is 403");
            site.respond(at, match, 403, "");
        } else if (line.arg(1).contains("$") || status.getAsInt() < 200) {
            site.notCarried(
                    at,
                    match,
                    "%s has variables in it, and an answer none".formatted(Text.shown(line.text())),
                    "write respond: {status: 200, body: TEXT}, or have a server answer");
        } else {
            site.respond(at, match, status.getAsInt(), line.arg(1));
        }
    }

    private void redirect(Mark at, RouteMatch match, String to, int status) {
        Optional<String> url = Variables.translated(to, scope).filter(Rewriting::isTarget);
        if (url.isEmpty()) {
            site.notCarried(
                    at,
                    match,
                    "%s cannot be where clients are sent".formatted(Text.shown(to)),
                    "write redirect: {to: \"https://HOST${uri}\"} with the host, or ${host}");
            return;
        }
        site.route(
                at,
                match,
                route ->
                        route.put(
                                "redirect",
                                new Node.Mapping(at)
                                        .text("to", at, url.get())
                                        .word("status", at, status)));
    }

    /** A URL whose host is written out or the client's own, or a path here. */
    private static boolean isTarget(String to) {
        return Pattern.matches(
                "((https?|\\$\\{scheme})://(\\$\\{host}|\\[[0-9a-fA-F:.]+]|[a-zA-Z0-9._-]+)"
                        + "(:([0-9]{1,5}|\\$\\{port}))?(?=$|[/?]|\\$\\{(path|uri)})"
                        + "|/(?![/\\\\$]))[!-~]*",
                to);
    }

    // --- rewrite

    /** What paths are sent elsewhere by it; empty where it does not do so. */
    private Optional<PathTest> redirected(Directive line, RouteMatch match) {
        String to = line.arg(1);
        String flag = line.arg(2);
        boolean url = Pattern.matches("(https?|\\$scheme)://.*", to);
        if (!flag.equals("permanent") && !flag.equals("redirect") && !url) {
            return Optional.empty();
        }
        String regex = line.arg(0);
        boolean everything =
                Set.of("^", "^/", ".*", "^.*", "^.*$", "^(.*)$", "(.*)").contains(regex);
        Optional<String> pattern = Locations.pattern(regex, false);
        Optional<PathTest> test =
                everything || Pattern.matches("\\^/\\(\\.\\*\\)\\$?", regex)
                        ? Optional.of(new PathTest.Begins("/"))
                        : pattern.map(PathTest.Fits::new);
        Optional<String> target = target(regex, to);
        if (test.isEmpty() || target.isEmpty()) {
            left(line);
            return Optional.of(new PathTest.Exactly("/"));
        }
        Optional<RouteMatch> both = site.both(line.at(), match, RouteMatch.ofPath(test.get()));
        if (both.isPresent()) {
            site.handled(scope);
            redirect(line.at(), both.get(), target.get(), flag.equals("permanent") ? 301 : 302);
        }
        return test;
    }

    /** With the query behind it, unless a ? at its end says that there is to be none. */
    private static Optional<String> target(String regex, String to) {
        String text = to;
        // What is caught of all of the path is the path.
        if (Pattern.matches("\\^\\(\\.\\*\\)\\$?|\\(\\.\\*\\)|\\^\\(/\\.\\*\\)\\$?", regex)) {
            text = text.replaceFirst("/?\\$1", "\\$uri");
        } else if (Pattern.matches("\\^/\\(\\.\\*\\)\\$?", regex)) {
            text = text.replaceFirst("/\\$1", "\\$uri");
        }
        if (Pattern.matches(".*\\$[0-9].*", text)) {
            return Optional.empty();
        }
        if (text.endsWith("?")) {
            return Optional.of(text.substring(0, text.length() - 1));
        }
        return Optional.of(
                text.endsWith("$uri")
                        ? text.substring(0, text.length() - "$uri".length()) + "$request_uri"
                        : text + (text.contains("?") ? "&" : "?") + "$args");
    }

    /** What it takes off the beginning of paths, where that is all it does. */
    private Optional<String> stripped(Directive line) {
        // Without break another location is looked for.
        Optional<String> prefix =
                location && line.arg(2).equals("break")
                        ? Patterns.stripped(line.arg(0), line.arg(1))
                        : Optional.empty();
        if (prefix.isEmpty()) {
            left(line);
        }
        return prefix;
    }

    private void left(Directive line) {
        context.remarks()
                .left(
                        line.at(),
                        "%s changes paths as no route does".formatted(Text.shown(line.text())),
                        "write rewrite: {strip-prefix: /x}, a redirect, or have the application do so");
    }
}
