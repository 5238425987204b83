package buoy.daemon.imports.nginx;

import buoy.config.Text;
import buoy.daemon.imports.draft.Draft;
import buoy.daemon.imports.draft.Endpoints;
import buoy.daemon.imports.draft.Mark;
import buoy.daemon.imports.draft.Node;
import buoy.daemon.imports.draft.YamlWriter;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Pools: {@code upstream} with its servers, as those need it who pass requests to it. Where they
 * need it in several ways there is a pool for each.
 */
final class Upstreams {
    private static final Set<String> PARAMETERS =
            Set.of(
                    "weight",
                    "max_conns",
                    "max_fails",
                    "fail_timeout",
                    "slow_start",
                    "service",
                    "route",
                    "server_max_fails");

    private static final Set<String> WORDS = Set.of("backup", "down", "resolve", "drain");

    private final Context context;
    private final boolean http;
    private final Map<String, Directive> blocks = new LinkedHashMap<>();

    /** Names of pools by what is in them and where it came from. */
    private final Map<String, String> made = new HashMap<>();

    Upstreams(Context context, Scope top, boolean http) {
        this.context = context;
        this.http = http;
        top.own("upstream").forEach(each -> blocks.putIfAbsent(each.arg(0), each));
    }

    boolean isNamed(String authority) {
        return blocks.containsKey(authority);
    }

    /** Says to what nobody passes anything; and writes pools as they stand in the file. */
    void rest() {
        Node.Mapping pools = context.draft().section("pools");
        for (Directive block : blocks.values()) {
            made.entrySet().stream()
                    .filter(each -> each.getKey().startsWith(block.arg(0) + "\n"))
                    .map(Map.Entry::getValue)
                    .sorted()
                    .forEach(name -> last(pools, name));
        }
        made.entrySet().stream()
                .filter(each -> !blocks.containsKey(each.getKey().replaceFirst("(?s)\n.*", "")))
                .map(Map.Entry::getValue)
                .sorted()
                .forEach(name -> last(pools, name));
        for (Directive block : blocks.values()) {
            if (made.keySet().stream().noneMatch(key -> key.startsWith(block.arg(0) + "\n"))) {
                context.remarks()
                        .note(
                                block.at(),
                                "nothing leads to upstream %s: it is left out"
                                        .formatted(Text.shown(block.arg(0))));
            }
        }
    }

    private static void last(Node.Mapping pools, String name) {
        pools.get(name)
                .ifPresent(
                        pool -> {
                            pools.remove(name);
                            pools.put(name, pool);
                        });
    }

    /** The name of the pool for a target; empty where it cannot be one. */
    Optional<String> pool(Scope scope, Target target, Mark at) {
        Directive block = blocks.get(target.authority());
        Node.Mapping pool = new Node.Mapping(block == null ? at : block.at());
        boolean some =
                block == null
                        ? direct(target, at, pool)
                        : servers(block, target.encrypted() && http, pool);
        if (!some) {
            return Optional.empty();
        }
        if (block != null) {
            settings(block, scope, pool);
        }
        PoolKeys.add(context, scope, target, http, pool);
        String key = target.authority() + "\n" + YamlWriter.write(pool);
        return Optional.of(
                made.computeIfAbsent(
                        key,
                        _ -> {
                            String name =
                                    context.draft().freeName("pools", wanted(target.authority()));
                            context.draft().section("pools").put(name, pool);
                            return name;
                        }));
    }

    private static String wanted(String authority) {
        return authority.startsWith("unix:")
                ? Draft.nameOfFile(authority.substring("unix:".length()))
                        .replaceFirst("\\.sock$", "")
                : authority.replaceAll("[\\[\\]]", "").replace(':', '-');
    }

    private Optional<String> place(String text, int port) {
        return Endpoints.server(
                text.startsWith("unix:") ? "unix@" + text.substring("unix:".length()) : text, port);
    }

    private boolean direct(Target target, Mark at, Node.Mapping pool) {
        Optional<String> place =
                place(target.authority(), http ? (target.encrypted() ? 443 : 80) : 0);
        place.ifPresent(each -> pool.put("servers", Node.Items.texts(at, List.of(each))));
        return place.isPresent();
    }

    private boolean servers(Directive block, boolean encrypted, Node.Mapping pool) {
        Node.Mapping servers = new Node.Mapping(block.at());
        Set<String> seen = new java.util.HashSet<>();
        for (Directive line : block.block()) {
            if (!line.is("server")) {
                continue;
            }
            Mark at = line.at();
            Optional<String> place = place(line.arg(0), http ? (encrypted ? 443 : 80) : 0);
            if (place.isEmpty() || !seen.add(place.get())) {
                context.remarks()
                        .left(
                                at,
                                place.isEmpty()
                                        ? "%s is no address and port of a server"
                                                .formatted(Text.shown(line.arg(0)))
                                        : "server %s stands twice".formatted(place.get()),
                                place.isEmpty()
                                        ? "write ADDRESS:PORT or NAME:PORT"
                                        : "give one of them a weight");
                continue;
            }
            servers.put(
                    Draft.freeName(servers, block.arg(0) + (servers.entries().size() + 1)),
                    server(line, place.get()));
        }
        if (servers.isEmpty()) {
            return false;
        }
        pool.put("servers", servers);
        return true;
    }

    private Node server(Directive line, String place) {
        Mark at = line.at();
        Node.Mapping server = new Node.Mapping(at).text("address", at, place);
        for (String arg : line.args().subList(1, line.args().size())) {
            String name = arg.replaceFirst("=.*", "");
            if (!WORDS.contains(arg) && !(PARAMETERS.contains(name) && arg.contains("="))) {
                context.remarks()
                        .left(
                                at,
                                "%s of a server is not known".formatted(Text.shown(arg)),
                                "see pools in docs/configuration.md");
            }
        }
        number(line, "weight")
                .ifPresent(
                        weight -> {
                            if (weight > 256) {
                                context.remarks()
                                        .left(
                                                at,
                                                "weights go up to 256",
                                                "divide those of all servers of the pool");
                            }
                            if (weight != 1) {
                                server.word("weight", at, Math.min(weight, 256));
                            }
                        });
        number(line, "max_conns")
                .ifPresent(
                        most -> {
                            if (most > 0) {
                                server.word("max-connections", at, most);
                            }
                        });
        if (line.has("down") || line.has("drain")) {
            server.word("weight", at, 0);
            server.comment("weight", "down: takes nothing until it has a weight");
        }
        if (line.has("backup")) {
            server.word("backup", at, true);
        }
        if (line.args().stream().anyMatch(arg -> arg.matches("(service|route)=.*"))) {
            context.remarks()
                    .left(
                            at,
                            "service and route of a server have no like here",
                            "write each server with its name and port; sticky: {cookie: NAME} keeps clients");
        }
        return server.entries().size() == 1 ? Node.text(at, place) : server;
    }

    private static OptionalInt number(Directive line, String option) {
        String text = line.option(option);
        return Pattern.matches("[0-9]{1,7}", text)
                ? OptionalInt.of(Integer.parseInt(text))
                : OptionalInt.empty();
    }

    // --- what is said of all servers

    private void settings(Directive block, Scope scope, Node.Mapping pool) {
        for (Directive line : block.block()) {
            balance(line).ifPresent(word -> pool.text("balance", line.at(), word));
            switch (line.name()) {
                case "sticky" -> sticky(line, pool);
                case "queue" -> {
                    Node.Mapping queue = pool.within("queue", line.at());
                    queue.word("limit", line.at(), line.arg(0));
                    Values.written(line.option("timeout"))
                            .ifPresent(time -> queue.word("timeout", line.at(), time));
                }
                default -> {
                    // Read above, or nothing to do.
                }
            }
        }
        List<Directive> servers = block.block().stream().filter(l -> l.is("server")).toList();
        servers.stream()
                .filter(line -> !line.option("slow_start").isEmpty())
                .findFirst()
                .ifPresent(
                        line ->
                                Values.written(line.option("slow_start"))
                                        .ifPresent(
                                                time -> pool.word("slow-start", line.at(), time)));
        if (servers.size() > 1) {
            passive(servers, pool);
        }
        if (scope.get("health_check").isEmpty()) {
            context.remarks()
                    .note(
                            block.at(),
                            "NGINX learns by traffic alone which server is down; write health: %s of the pool, with what tells"
                                    .formatted(http ? "{http: {path: /}}" : "{tcp: {}}"));
        }
    }

    private Optional<String> balance(Directive line) {
        return switch (line.name()) {
            case "least_conn" -> Optional.of("least-connections");
            case "least_time", "random" -> Optional.of("random-two");
            case "ip_hash" -> Optional.of("source-hash");
            case "hash" -> {
                Optional<String> word =
                        switch (line.arg(0)) {
                            case "$remote_addr", "$binary_remote_addr" ->
                                    Optional.of("source-hash");
                            case "$request_uri",
                                    "$uri",
                                    "$uri$is_args$args",
                                    "$scheme$proxy_host$request_uri" ->
                                    Optional.of("uri-hash");
                            default ->
                                    Pattern.matches("\\$http_[a-z0-9_]+", line.arg(0))
                                            ? Optional.of(
                                                    "header-hash:"
                                                            + line.arg(0)
                                                                    .substring("$http_".length())
                                                                    .replace('_', '-'))
                                            : Optional.empty();
                        };
                if (word.isEmpty()) {
                    context.remarks()
                            .left(
                                    line.at(),
                                    "%s is not what a server is chosen by"
                                            .formatted(Text.shown(line.arg(0))),
                                    "write balance: source-hash, uri-hash or \"header-hash:NAME\", or sticky: {app-cookie: NAME}");
                }
                yield word;
            }
            default -> Optional.empty();
        };
    }

    private void sticky(Directive line, Node.Mapping pool) {
        if (!line.arg(0).equals("cookie") || line.arg(1).isEmpty()) {
            context.remarks()
                    .left(
                            line.at(),
                            "%s has no like here".formatted(Text.shown(line.text())),
                            "write sticky: {app-cookie: NAME}");
            return;
        }
        Mark at = line.at();
        Node.Mapping sticky = new Node.Mapping(at).text("cookie", at, line.arg(1));
        if (!line.has("secure")) {
            sticky.word("secure", at, false);
        }
        if (!line.has("httponly")) {
            sticky.word("http-only", at, false);
        }
        pool.put("sticky", sticky);
    }

    /** Without a word a server is passed by for 10 s after one failure. */
    private void passive(List<Directive> servers, Node.Mapping pool) {
        Directive first = servers.getFirst();
        String fails = first.option("max_fails");
        String within = first.option("fail_timeout");
        for (Directive line : servers) {
            if (!line.option("max_fails").equals(fails)
                    || !line.option("fail_timeout").equals(within)) {
                context.remarks()
                        .left(
                                line.at(),
                                "what is too often is the same for all servers of a pool, and is as the first one has it",
                                "write passive: {failures: N, within: TIME, eject: TIME} as it is meant");
            }
        }
        if (fails.equals("0")) {
            return;
        }
        Node.Mapping passive = new Node.Mapping(first.at());
        String time = Values.written(within.isEmpty() ? "10s" : within).orElse("10s");
        passive.word("failures", first.at(), fails.isEmpty() ? "1" : fails);
        passive.word("within", first.at(), time);
        passive.word("eject", first.at(), time);
        pool.put("passive", passive);
    }
}
