package buoy.daemon.imports.haproxy;

import buoy.config.Text;
import buoy.daemon.imports.draft.Endpoints;
import buoy.daemon.imports.draft.Mark;
import buoy.daemon.imports.draft.Node;
import buoy.daemon.imports.draft.Remarks;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** {@code stats enable} and its kin: Buoy has one page, at {@code stats}. */
final class StatsPage {
    private static final int USUAL_PORT = 8404;

    private final Context context;
    private final Remarks remarks;

    StatsPage(Context context) {
        this.context = context;
        this.remarks = context.remarks();
    }

    /** Whether the section is there for the page alone, so that nothing else is made of it. */
    boolean take(Proxy proxy) {
        List<Line> lines = proxy.all("stats");
        if (lines.isEmpty() || (proxy.own("stats").isEmpty() && !isPageAlone(proxy))) {
            return false;
        }
        for (Line line : lines) {
            say(line, lines);
        }
        Mark at = lines.getFirst().at();
        if (!isPageAlone(proxy)) {
            remarks.left(
                    at,
                    "the page of statistics is at stats.bind alone (127.0.0.1:%d)"
                            .formatted(USUAL_PORT),
                    "give a route to a pool with that address as its server, behind basic-auth");
            return false;
        }
        Node.Mapping stats = context.draft().section("stats");
        if (!stats.isEmpty()) {
            remarks.left(
                    at,
                    "there is one page of statistics",
                    "stats.bind is where it is: " + bind(stats));
            return true;
        }
        boolean users = users(lines, stats);
        place(proxy, stats, at, users);
        actions(proxy.all("stats", "admin"), stats, users);
        return true;
    }

    private static String bind(Node.Mapping stats) {
        return stats.get("bind")
                .map(node -> node instanceof Node.Scalar scalar ? scalar.text() : "")
                .orElse("127.0.0.1:" + USUAL_PORT);
    }

    private static boolean isPageAlone(Proxy proxy) {
        return proxy.isFrontend()
                && proxy.isHttp()
                && proxy.own("server").isEmpty()
                && proxy.own("use_backend").isEmpty()
                && proxy.last("default_backend").isEmpty();
    }

    private void place(Proxy proxy, Node.Mapping stats, Mark at, boolean users) {
        List<Line> binds = proxy.own("bind");
        Optional<Line> line = binds.stream().findFirst();
        Optional<String> endpoint =
                line.flatMap(l -> Endpoints.bind(l.word(1)))
                        .map(List::getFirst)
                        .filter(e -> !e.startsWith("unix:"));
        Mark where = line.map(Line::at).orElse(at);
        if (endpoint.isEmpty()) {
            stats.text("bind", where, "127.0.0.1:" + USUAL_PORT);
            remarks.left(where, "the page needs an address and a port", "write stats.bind");
            return;
        }
        if (isLoopback(endpoint.get()) || users) {
            stats.put("bind", Node.text(where, endpoint.get()));
        } else {
            stats.put("bind", Node.text(where, "127.0.0.1:" + Endpoints.port(endpoint.get())));
            remarks.left(
                    where,
                    "anybody could read the page at %s: it is on loopback here"
                            .formatted(endpoint.get()),
                    "write stats: {bind: \"%s\", users: {NAME: HASH}}, as htpasswd -nB NAME prints them"
                            .formatted(endpoint.get()));
        }
        if (line.filter(l -> l.words().contains("ssl")).isPresent()) {
            remarks.left(
                    where,
                    "the page speaks no TLS",
                    "give a listener with tls a route to a pool with %s as its server"
                            .formatted(bind(stats)));
        }
        for (Line other : binds.subList(Math.min(1, binds.size()), binds.size())) {
            remarks.left(other.at(), "the page is at one place", "stats.bind has the first");
        }
    }

    /** Whether somebody has to log in. Passwords are hashed: they do not stand in the output. */
    private boolean users(List<Line> lines, Node.Mapping stats) {
        Node.Mapping users = new Node.Mapping(lines.getFirst().at());
        for (Line line : lines) {
            int colon = line.word(2).indexOf(':');
            if (line.is("stats", "auth") && colon > 0) {
                String name = line.word(2).substring(0, colon);
                if (Pattern.matches("\\P{Cntrl}{1,60}", name)) {
                    users.text(
                            name,
                            line.at(),
                            context.surroundings().hashed(line.word(2).substring(colon + 1)));
                }
            }
        }
        if (!users.isEmpty()) {
            stats.put("users", users);
        }
        return !users.isEmpty();
    }

    /** Who may act: all users or none of them. HAProxy asks the rules one after the other. */
    private void actions(List<Line> rules, Node.Mapping stats, boolean users) {
        if (rules.isEmpty()) {
            return;
        }
        Mark at = rules.getFirst().at();
        boolean loopback = isLoopback(bind(stats));
        if (!users) {
            remarks.left(
                    at,
                    "nobody acts on the page without a login",
                    "write stats: {users: {NAME: HASH}, actions: true}, with what htpasswd -nB NAME prints");
        } else if (rules.stream().anyMatch(rule -> holdsForAll(rule, loopback))) {
            stats.word("actions", at, "true");
        } else {
            remarks.left(
                    at,
                    "who may act on the page is a matter of the login alone",
                    "write actions: true beside stats.users, who may act all of them");
        }
    }

    private static boolean holdsForAll(Line rule, boolean loopback) {
        List<String> words = rule.from(2);
        return words.isEmpty()
                || words.equals(List.of("if", "TRUE"))
                || words.equals(List.of("unless", "FALSE"))
                || (loopback && words.equals(List.of("if", "LOCALHOST")));
    }

    private static boolean isLoopback(String endpoint) {
        return endpoint.startsWith("127.") || endpoint.startsWith("[::1]:");
    }

    private void say(Line line, List<Line> lines) {
        switch (line.word(1)) {
            case "enable",
                    "admin",
                    "auth",
                    "realm",
                    "refresh",
                    "show-legends",
                    "show-node",
                    "show-desc",
                    "show-modules",
                    "hide-version",
                    "scope" -> {
                // The page refreshes itself and shows all there is; who reads it and acts is
                // taken elsewhere.
            }
            case "uri" -> {
                if (!line.word(2).equals("/")) {
                    remarks.note(line.at(), "the page is at / of stats.bind");
                }
            }
            case "http-request" -> {
                boolean auth = lines.stream().anyMatch(l -> l.is("stats", "auth"));
                if (!(auth && line.is("stats", "http-request", "auth"))) {
                    remarks.left(
                            line.at(),
                            "a rule of the page's own",
                            "stats: {users: {NAME: HASH}} says who may read it");
                }
            }
            default ->
                    remarks.left(
                            line.at(),
                            "stats %s is not known".formatted(Text.shown(line.word(1))),
                            "see stats in docs/configuration.md");
        }
    }
}
