package buoy.daemon.imports.keepalived;

import buoy.config.Text;
import buoy.config.model.AddressText;
import buoy.daemon.imports.draft.Draft;
import buoy.daemon.imports.draft.Mark;
import buoy.daemon.imports.draft.Networks;
import buoy.daemon.imports.draft.Node;
import buoy.daemon.imports.draft.Remarks;
import buoy.daemon.imports.draft.Times;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * {@code virtual_server}: what IPVS passed on in the kernel becomes a listener of TCP or UDP with a
 * pool.
 */
final class VirtualServers {
    private static final String SEE = "see docs/tcp.md for what there is";

    private static final Set<String> CHECKS =
            Set.of(
                    "HTTP_GET",
                    "SSL_GET",
                    "TCP_CHECK",
                    "SMTP_CHECK",
                    "DNS_CHECK",
                    "MISC_CHECK",
                    "BFD_CHECK",
                    "PING_CHECK",
                    "UDP_CHECK",
                    "FILE_CHECK");

    private static final Map<String, String> BALANCE =
            Map.ofEntries(
                    Map.entry("rr", "round-robin"),
                    Map.entry("wrr", "round-robin"),
                    Map.entry("lc", "least-connections"),
                    Map.entry("wlc", "least-connections"),
                    Map.entry("sed", "least-connections"),
                    Map.entry("nq", "least-connections"),
                    Map.entry("sh", "source-hash"),
                    Map.entry("mh", "source-hash"),
                    Map.entry("twos", "random-two"));

    private final Scope scope;
    private final Remarks remarks;
    private final Node.Mapping listeners;
    private final Node.Mapping pools;

    VirtualServers(Scope scope, Node.Mapping listeners, Node.Mapping pools) {
        this.scope = scope;
        this.remarks = scope.remarks();
        this.listeners = listeners;
        this.pools = pools;
    }

    void read(List<Statement> statements) {
        statements.stream()
                .filter(each -> each.keyword().equals("virtual_server"))
                .forEach(this::server);
    }

    private void server(Statement server) {
        Optional<String> place = endpoint(server.word(1), server.word(2));
        if (place.isEmpty()) {
            remarks.left(
                    server.at(),
                    "%s goes by marks, groups or any port".formatted(Text.shown(server.text())),
                    "write a listener for each address and port, with a pool");
            return;
        }
        scope.say("virtual_server", server.block(), SEE);
        String protocol = server.last("protocol").map(each -> each.word(1)).orElse("TCP");
        if (!protocol.equals("TCP") && !protocol.equals("UDP")) {
            remarks.left(
                    server.last("protocol").orElse(server).at(),
                    "protocol %s is not known".formatted(Text.shown(protocol)),
                    "tcp and udp are");
            return;
        }
        Node.Mapping pool = new Node.Mapping(server.at());
        Node.Mapping servers = pool.within("servers", server.at());
        server.all("real_server").forEach(each -> real(each, servers));
        server.last("sorry_server")
                .ifPresent(
                        line ->
                                endpoint(line.word(1), portOf(line, server))
                                        .ifPresentOrElse(
                                                each -> {
                                                    if (!servers.has(each)) {
                                                        servers.put(
                                                                each,
                                                                new Node.Mapping(line.at())
                                                                        .text(
                                                                                "address",
                                                                                line.at(), each)
                                                                        .word(
                                                                                "backup", line.at(),
                                                                                true));
                                                    }
                                                },
                                                () -> noEndpoint(line)));
        if (servers.isEmpty()) {
            remarks.left(server.at(), "there is no real_server", "write a pool with servers");
            return;
        }
        balance(server, pool);
        health(server, pool);
        server.last("persistence_timeout")
                .ifPresent(
                        line ->
                                pool.put(
                                        "sticky",
                                        new Node.Mapping(line.at())
                                                .word("source", line.at(), true)
                                                .word(
                                                        "ttl",
                                                        line.at(),
                                                        Times.text(
                                                                Numbers.seconds(line.word(1))
                                                                        .filter(t -> !t.isZero())
                                                                        .orElse(
                                                                                Duration.ofMinutes(
                                                                                        6))))));
        remarks.note(
                server.at(),
                "servers see this host as the client (source: client of the pool keeps the client's own address; see docs/tcp.md), and answer to it instead of past it");
        String poolName = free("pools", pools, server);
        pools.put(poolName, pool);
        listeners.put(
                free("listeners", listeners, server),
                new Node.Mapping(server.at())
                        .put("bind", Node.Items.texts(server.at(), List.of(place.get())))
                        .word(
                                "protocol",
                                server.last("protocol").orElse(server).at(),
                                protocol.equals("UDP") ? "udp" : "tcp")
                        .text("pool", server.at(), poolName));
    }

    /** The same on every host, and no name of the other files. */
    private String free(String section, Node.Mapping made, Statement server) {
        String wanted = Draft.name(server.word(1) + "-" + server.word(2));
        String name = wanted;
        for (int i = 2; made.has(name) || scope.draft().section(section).has(name); i++) {
            name = Draft.name(wanted + "-" + i);
        }
        return name;
    }

    private void real(Statement real, Node.Mapping servers) {
        Optional<String> place = endpoint(real.word(1), real.word(2));
        if (place.isEmpty()) {
            noEndpoint(real);
            return;
        }
        scope.say("real_server", real.block(), SEE);
        Node.Mapping server = new Node.Mapping(real.at()).text("address", real.at(), place.get());
        number(real, "weight", 256)
                .ifPresent(line -> server.word("weight", line.at(), line.word(1)));
        number(real, "uthreshold", 10_000_000)
                .filter(line -> !line.word(1).equals("0"))
                .ifPresent(line -> server.word("max-connections", line.at(), line.word(1)));
        servers.put(
                place.get(),
                server.entries().size() == 1 ? server.get("address").orElseThrow() : server);
    }

    private Optional<Statement> number(Statement block, String keyword, int most) {
        Optional<Statement> line = block.last(keyword);
        Optional<Statement> sound =
                line.filter(each -> Numbers.between(0, most, each.word(1)).isPresent());
        if (line.isPresent() && sound.isEmpty()) {
            remarks.left(
                    line.get().at(),
                    "%s is out of range".formatted(Text.shown(line.get().text())),
                    "0 to %d".formatted(most));
        }
        return sound;
    }

    private void noEndpoint(Statement line) {
        remarks.left(
                line.at(),
                "%s has no address with a port".formatted(Text.shown(line.text())),
                "write the server with its port");
    }

    private static String portOf(Statement line, Statement server) {
        return line.word(2).isEmpty() ? server.word(2) : line.word(2);
    }

    private static Optional<String> endpoint(String address, String port) {
        return Networks.address(address)
                .filter(_ -> Numbers.between(1, 65_535, port).isPresent())
                .map(each -> endpoint(each, Integer.parseInt(port)));
    }

    private static String endpoint(InetAddress address, int port) {
        String text = AddressText.of(address);
        return (address instanceof Inet6Address ? "[" + text + "]" : text) + ":" + port;
    }

    private void balance(Statement server, Node.Mapping pool) {
        server.last("lb_algo")
                .or(() -> server.last("lvs_sched"))
                .ifPresent(
                        line -> {
                            String balance = BALANCE.get(line.word(1));
                            if (balance == null) {
                                remarks.left(
                                        line.at(),
                                        "%s is no way of balancing here"
                                                .formatted(Text.shown(line.text())),
                                        "write balance: first with the servers in order (fo, ovf), or source-hash");
                            } else if (!balance.equals("round-robin")) {
                                pool.word("balance", line.at(), balance);
                            }
                        });
    }

    /** One check for all servers: that of the first which has one. */
    private void health(Statement server, Node.Mapping pool) {
        List<Statement> reals = server.all("real_server");
        List<Statement> checks =
                reals.stream()
                        .flatMap(real -> real.block().stream())
                        .filter(each -> CHECKS.contains(each.keyword()))
                        .toList();
        if (checks.isEmpty()) {
            return;
        }
        Statement check = checks.getFirst();
        checks.stream()
                .filter(each -> !shape(each).equals(shape(check)))
                .forEach(
                        each ->
                                remarks.left(
                                        each.at(),
                                        "%s is not the check of the first server"
                                                .formatted(each.keyword()),
                                        "all servers of a pool have one: write a pool for each, with fallback"));
        Node.Mapping health = pool.within("health", check.at());
        if (!kind(check, reals.getFirst(), server, health)) {
            pool.remove("health");
            remarks.left(
                    check.at(),
                    "%s is not known".formatted(check.keyword()),
                    "write health: {tcp: {}} or {external: [...]} of the pool");
            return;
        }
        Optional<Statement> every = nearest("delay_loop", check, server);
        Duration pause =
                every.flatMap(line -> Numbers.seconds(line.word(1))).orElse(Duration.ofMinutes(1));
        health.word("every", every.orElse(check).at(), Times.text(pause));
        Optional<Statement> timeout = nearest("connect_timeout", check, server);
        Duration patience =
                timeout.flatMap(line -> Numbers.seconds(line.word(1)))
                        .filter(time -> !time.isZero())
                        .orElse(Duration.ofSeconds(5));
        health.word("timeout", timeout.orElse(check).at(), Times.text(patience));
        // Retries come on top of the first try.
        int retries =
                nearest("retry", check, server)
                        .or(() -> nearest("nb_get_retry", check, server))
                        .flatMap(line -> Numbers.between(0, 98, line.word(1)))
                        .orElse(check.keyword().equals("MISC_CHECK") ? 0 : 1);
        health.word("fall", check.at(), retries + 1);
        health.word("rise", check.at(), 1);
        nearest("delay_before_retry", check, server)
                .flatMap(line -> Numbers.seconds(line.word(1)))
                .filter(time -> !time.isZero() && time.compareTo(pause) < 0)
                .ifPresent(time -> health.word("fast", check.at(), Times.text(time)));
    }

    private static Optional<Statement> nearest(String keyword, Statement check, Statement server) {
        return check.last(keyword).or(() -> server.last(keyword));
    }

    /** What tells one check from another, wherever it stands. */
    private static String shape(Statement statement) {
        StringBuilder shape = new StringBuilder(statement.text());
        statement.block().forEach(each -> shape.append(" {").append(shape(each)).append('}'));
        return shape.toString();
    }

    /** False where there is no such check. */
    private boolean kind(Statement check, Statement real, Statement server, Node.Mapping health) {
        Mark at = check.at();
        switch (check.keyword()) {
            case "TCP_CHECK" -> {
                health.put("tcp", new Node.Mapping(at));
                otherPort(check, real);
            }
            case "HTTP_GET" -> http(check, real, server, health.within("http", at));
            case "MISC_CHECK" -> {
                CommandText command =
                        new CommandText(
                                check.last("misc_path").map(each -> each.word(1)).orElse(""));
                if (command.argv().isEmpty()) {
                    return false;
                }
                health.put("external", Node.Items.texts(at, command.argv()));
                scope.user(at, check.last("user").map(each -> each.word(1)).orElse(""))
                        .ifPresent(user -> health.put("user", user));
                remarks.note(
                        at,
                        "one program checks all servers: it finds which one in its environment; see Health by a program in docs/configuration.md");
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private void otherPort(Statement check, Statement real) {
        check.last("connect_port")
                .filter(line -> !line.word(1).equals(real.word(2)))
                .ifPresent(
                        line ->
                                remarks.left(
                                        line.at(),
                                        "a tcp check goes to the server's own port",
                                        "check with http: {port: N}, or external"));
    }

    private void http(Statement check, Statement real, Statement server, Node.Mapping http) {
        List<Statement> urls = check.all("url");
        if (urls.size() > 1) {
            remarks.left(urls.get(1).at(), "one url is checked", "write another pool, or external");
        }
        urls.stream()
                .findFirst()
                .ifPresent(
                        url -> {
                            url.last("path")
                                    .ifPresent(line -> http.text("path", line.at(), line.word(1)));
                            url.last("status_code").ifPresent(line -> status(line, http));
                            for (String keyword : List.of("digest", "regex", "regex_no_match")) {
                                url.last(keyword)
                                        .ifPresent(
                                                line ->
                                                        remarks.left(
                                                                line.at(),
                                                                "%s is not compared"
                                                                        .formatted(keyword),
                                                                "write body or body-regex of health: {http: ...}"));
                            }
                            url.last("virtualhost")
                                    .or(() -> check.last("virtualhost"))
                                    .or(() -> real.last("virtualhost"))
                                    .or(() -> server.last("virtualhost"))
                                    .ifPresent(line -> http.text("host", line.at(), line.word(1)));
                        });
        check.last("connect_port")
                .filter(line -> Numbers.between(1, 65_535, line.word(1)).isPresent())
                .ifPresent(line -> http.word("port", line.at(), line.word(1)));
    }

    private static void status(Statement line, Node.Mapping http) {
        if (line.words().size() == 2) {
            http.word("expect", line.at(), line.word(1));
            return;
        }
        Node.Items expected = new Node.Items(line.at());
        line.from(1).forEach(each -> expected.add(Node.word(line.at(), each)));
        http.put("expect", expected);
    }
}
