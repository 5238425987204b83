package buoy.daemon.imports.haproxy;

import buoy.config.Text;
import buoy.daemon.imports.draft.Draft;
import buoy.daemon.imports.draft.Endpoints;
import buoy.daemon.imports.draft.Fate;
import buoy.daemon.imports.draft.Mark;
import buoy.daemon.imports.draft.Node;
import buoy.daemon.imports.draft.Remarks;
import buoy.daemon.imports.draft.Surroundings;
import buoy.daemon.imports.draft.Times;
import buoy.daemon.imports.draft.Unparsable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** The way in: the text of an haproxy.cfg into a draft. */
public final class Haproxy {
    private static final Map<String, String> OTHER_SECTIONS =
            Map.of(
                    "mailers", "alert on /metrics of stats",
                    "cache", "Buoy is no cache: keep one behind it",
                    "program", "let systemd run it",
                    "http-errors", "write errors: {STATUS: FILE} of listeners",
                    "ring", "write access-log: {to: ...} of listeners",
                    "log-forward", "let rsyslog forward logs",
                    "log-profile", "write access-log: {format: ...} of listeners",
                    "fcgi-app", "put a web server before the application",
                    "acme", "write certificates: {NAME: {acme: ...}}; see docs/acme.md",
                    "crt-store", "write its files under certificates");

    private final Context context;
    private final Map<String, Proxy> backends = new LinkedHashMap<>();
    private final List<Proxy> frontends = new ArrayList<>();

    private Haproxy(Context context) {
        this.context = context;
    }

    /**
     * Adds to the draft what a file says.
     *
     * @param file as it is to be named in remarks
     * @throws Unparsable where it is no configuration of HAProxy
     */
    public static void translate(
            String file, String text, Draft draft, Remarks remarks, Surroundings surroundings)
            throws Unparsable {
        List<Block> blocks = HaproxyFile.parse(file, text);
        List<Line> globals =
                blocks.stream()
                        .filter(block -> block.kind().equals("global"))
                        .flatMap(block -> block.lines().stream())
                        .toList();
        new Haproxy(new Context(draft, remarks, surroundings, globals)).sections(blocks);
    }

    private void sections(List<Block> blocks) {
        Map<String, List<Line>> named = new HashMap<>();
        List<Line> defaults = List.of();
        for (Block block : blocks) {
            switch (block.kind()) {
                case "global" -> block.lines().forEach(line -> fate(line, Keywords.global(line)));
                case "defaults" -> {
                    List<Line> before = inherited(block, List.of(), named);
                    List<Line> all = new ArrayList<>(before);
                    all.addAll(block.lines());
                    block.lines().forEach(line -> fate(line, Keywords.proxy(line)));
                    defaults = all;
                    if (!block.name().isEmpty()) {
                        named.put(block.name(), all);
                    }
                }
                case "frontend", "backend", "listen" -> {
                    block.lines().forEach(line -> fate(line, Keywords.proxy(line)));
                    proxy(new Proxy(block, inherited(block, defaults, named)));
                }
                case "userlist" -> Userlists.say(block, context.remarks());
                case "resolvers" -> resolvers(block);
                case "peers" ->
                        context.remarks()
                                .note(
                                        block.at(),
                                        "what a host remembers of clients stays on it; cookies and hashes are the same on both, and peer shares certificates and tickets");
                case "traces" -> {
                    // For HAProxy's own developers.
                }
                default ->
                        context.remarks()
                                .left(
                                        block.at(),
                                        "section %s has no like here".formatted(block.kind()),
                                        OTHER_SECTIONS.getOrDefault(
                                                block.kind(), "see docs/migration.md"));
            }
        }
        process();
        Frontends made = new Frontends(context, backends);
        StatsPage stats = new StatsPage(context);
        for (Proxy frontend : frontends) {
            if (!stats.take(frontend)) {
                made.make(frontend);
            }
        }
        for (Proxy backend : backends.values()) {
            if (!backend.isFrontend() && !backend.own("stats").isEmpty()) {
                context.remarks()
                        .left(
                                backend.own("stats").getFirst().at(),
                                "the page of statistics is at stats.bind alone",
                                "give a route to a pool with 127.0.0.1:8404 as its server, behind basic-auth");
            }
            if (backend.isFrontend() || made.isUsed(backend.name())) {
                continue;
            }
            made.pool(backend, OptionalInt.empty());
            if (!backend.own("http-request").isEmpty() || !backend.own("http-response").isEmpty()) {
                context.remarks()
                        .left(
                                backend.at(),
                                "no rule leads to this backend: its own rules are left out",
                                "write a route to the pool");
            }
        }
        order(made);
    }

    /** Pools are made as they are needed, and written as they stand in the file. */
    private void order(Frontends made) {
        Node.Mapping pools = context.draft().section("pools");
        for (Proxy backend : backends.values()) {
            made.name(backend.name())
                    .flatMap(name -> pools.get(name).map(node -> Map.entry(name, node)))
                    .ifPresent(
                            entry -> {
                                pools.remove(entry.getKey());
                                pools.put(entry.getKey(), entry.getValue());
                            });
        }
    }

    /** What becomes of a line by its keyword alone. */
    private void fate(Line line, Optional<Fate> fate) {
        Fate.say(
                context.remarks(),
                line.at(),
                line.words(),
                fate,
                "see docs/http.md, docs/tls.md and docs/tcp.md for what there is");
    }

    private List<Line> inherited(Block block, List<Line> usual, Map<String, List<Line>> named) {
        List<String> words = new ArrayList<>(List.of(block.name()));
        words.addAll(block.rest());
        int from = words.indexOf("from");
        if (from < 0 || from + 1 >= words.size()) {
            if (!block.rest().isEmpty() && !block.kind().equals("defaults")) {
                context.remarks()
                        .left(
                                block.at(),
                                "%s behind the section's name"
                                        .formatted(Text.shown(String.join(" ", block.rest()))),
                                "write bind in a line of its own");
            }
            return usual;
        }
        List<Line> lines = named.get(words.get(from + 1));
        if (lines == null) {
            context.remarks()
                    .left(
                            block.at(),
                            "there are no defaults %s".formatted(Text.shown(words.get(from + 1))),
                            "write them before this section");
            return usual;
        }
        return lines;
    }

    private void proxy(Proxy proxy) {
        if (!proxy.own("disabled").isEmpty()) {
            context.remarks().note(proxy.at(), "this section is disabled, and left out");
            return;
        }
        if (proxy.last("mode").filter(l -> !l.word(1).matches("http|tcp")).isPresent()) {
            context.remarks()
                    .left(
                            proxy.last("mode").get().at(),
                            "mode %s is not known"
                                    .formatted(Text.shown(proxy.last("mode").get().word(1))),
                            "protocols are http, tcp, udp and postgres");
            return;
        }
        if (proxy.isFrontend()) {
            frontends.add(proxy);
        }
        if (proxy.isBackend() && backends.putIfAbsent(proxy.name(), proxy) != null) {
            context.remarks()
                    .left(
                            proxy.at(),
                            "%s is there already".formatted(Text.shown(proxy.name())),
                            "give it a name of its own");
        }
    }

    private void process() {
        Node.Mapping process = context.draft().section("process");
        number("nbthread", 1024)
                .ifPresent(line -> process.word("workers", line.at(), line.word(1)));
        context.global("hard-stop-after")
                .ifPresent(
                        line ->
                                Proxy.time(line.word(1))
                                        .filter(time -> time.compareTo(Duration.ZERO) > 0)
                                        .ifPresent(
                                                time ->
                                                        process.word(
                                                                "drain",
                                                                line.at(),
                                                                Times.text(time))));
        number("maxconn", 10_000_000)
                .ifPresent(line -> process.word("max-connections", line.at(), line.word(1)));
    }

    private Optional<Line> number(String keyword, int most) {
        return context.global(keyword)
                .filter(line -> Pattern.matches("[1-9][0-9]{0,8}", line.word(1)))
                .filter(line -> Integer.parseInt(line.word(1)) <= most);
    }

    private void resolvers(Block block) {
        Node.Mapping process = context.draft().section("process");
        Node.Items servers = new Node.Items(block.at());
        for (Line line : block.lines()) {
            if (line.is("nameserver")) {
                Mark at = line.at();
                String place = line.word(2).replaceFirst("^(udp@|udp4@|udp6@|tcp@)", "");
                Endpoints.server(place, 53)
                        .filter(e -> e.matches("[0-9.\\[].*"))
                        .ifPresentOrElse(
                                e -> servers.add(Node.text(at, e)),
                                () ->
                                        context.remarks()
                                                .left(
                                                        at,
                                                        "%s is no address of a name server"
                                                                .formatted(
                                                                        Text.shown(line.word(2))),
                                                        "write process: {name-servers: [...]}"));
            }
        }
        if (!servers.nodes().isEmpty() && !process.has("name-servers")) {
            process.put("name-servers", servers);
        }
    }
}
