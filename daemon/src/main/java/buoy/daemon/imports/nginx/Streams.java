package buoy.daemon.imports.nginx;

import buoy.config.Text;
import buoy.config.model.Network;
import buoy.daemon.imports.draft.Endpoints;
import buoy.daemon.imports.draft.Mark;
import buoy.daemon.imports.draft.Networks;
import buoy.daemon.imports.draft.Node;
import buoy.daemon.imports.draft.Remarks;
import buoy.daemon.imports.draft.RouteMatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/** A {@code stream} block: sessions as they are, and datagrams. */
final class Streams {
    private final Context context;
    private final Remarks remarks;
    private final Scope stream;
    private final Upstreams upstreams;

    private Streams(Context context, Scope stream) {
        this.context = context;
        this.remarks = context.remarks();
        this.stream = stream;
        this.upstreams = new Upstreams(context, stream, false);
    }

    static void make(Context context, Scope stream) {
        new Streams(context, stream).all();
    }

    private void all() {
        List<Scope> servers = stream.own("server").stream().map(stream::inner).toList();
        for (Sockets.Listener listener : Sockets.of(servers, remarks)) {
            if (listener.servers().size() > 1) {
                remarks.left(
                        listener.first(),
                        "several servers listen there, and the first is taken",
                        "write a route with match: {sni: NAME} for each of the others");
            }
            Scope server = listener.servers().getFirst();
            if (server.own("listen").isEmpty()) {
                continue; // NGINX would refuse it
            }
            listener(listener, server);
        }
        upstreams.rest();
    }

    private void listener(Sockets.Listener listener, Scope server) {
        Mark at = listener.first();
        boolean datagrams = listener.way().datagrams();
        Node.Mapping node = new Node.Mapping(at);
        node.put("bind", Node.Items.texts(at, listener.endpoints()));
        node.text("protocol", at, datagrams ? "udp" : "tcp");
        if (listener.way().encrypted()) {
            Optional<Node.Mapping> tls = Certificates.tls(context, listener, false);
            if (tls.isEmpty()) {
                return;
            }
            node.put("tls", tls.get());
        }
        if (listener.way().proxied()) {
            node.word("proxy-protocol", at, true);
            List<String> networks =
                    server.nearest("set_real_ip_from").stream()
                            .flatMap(line -> Networks.parse(line.arg(0)).stream())
                            .map(Network::toString)
                            .toList();
            node.put(
                    "trusted-proxies",
                    Node.Items.texts(
                            at, networks.isEmpty() ? List.of("0.0.0.0/0", "::/0") : networks));
            if (networks.isEmpty()) {
                remarks.note(
                        at,
                        "proxy_protocol takes anybody's PROXY header: name the networks of your proxies in trusted-proxies");
            }
        }
        server.get("proxy_timeout")
                .flatMap(line -> Values.written(line.arg(0)))
                .or(() -> Optional.of("10m"))
                .ifPresent(time -> node.within("timeouts", at).word("idle", at, time));
        server.get("proxy_responses")
                .filter(line -> datagrams && Pattern.matches("[0-9]{1,4}", line.arg(0)))
                .ifPresent(line -> node.word("responses", line.at(), line.arg(0)));
        OptionalInt connections = Rates.connections(server);
        if (connections.isPresent()) {
            node.within("limits", at).word("connections-per-client", at, connections.getAsInt());
        } else {
            server.nearest("limit_conn")
                    .forEach(
                            line ->
                                    remarks.left(
                                            line.at(),
                                            "%s is no limit of one client's connections"
                                                    .formatted(Text.shown(line.text())),
                                            "write limits: {connections-per-client: N} of the listener"));
        }
        server.get("access_log")
                .filter(line -> !line.arg(0).equals("off"))
                .ifPresent(
                        line ->
                                remarks.left(
                                        line.at(),
                                        "sessions have no access log",
                                        "buoy status, /metrics of stats and the log tell what fails"));
        List<Node.Mapping> routes = routes(server, datagrams);
        if (routes.isEmpty()) {
            remarks.left(
                    server.at(),
                    "nothing is left that its clients could be sent to, so there is no listener",
                    "write one under listeners");
            return;
        }
        if (routes.size() == 1 && routes.getFirst().entries().keySet().equals(Set.of("pool"))) {
            node.put("pool", routes.getFirst().get("pool").orElseThrow());
        } else {
            Node.Items items = new Node.Items(at);
            routes.forEach(items::add);
            node.put("routes", items);
        }
        int port = Endpoints.port(listener.endpoints().getFirst());
        String name = (datagrams ? "udp-" : "tcp-") + (port == 0 ? "unix" : String.valueOf(port));
        context.draft().section("listeners").put(context.draft().freeName("listeners", name), node);
    }

    private List<Node.Mapping> routes(Scope server, boolean datagrams) {
        Optional<Directive> pass = server.own("proxy_pass").stream().findFirst();
        if (pass.isEmpty()) {
            server.own("return")
                    .forEach(
                            line ->
                                    remarks.left(
                                            line.at(),
                                            "sessions are not answered here",
                                            "let a server answer"));
            return List.of();
        }
        Directive line = pass.get();
        String to = Variables.resolved(line.arg(0), server);
        List<Maps.Case> cases = new ArrayList<>();
        if (Variables.isPlain(to)) {
            cases.add(new Maps.Case(line.at(), RouteMatch.ANY, to));
        } else if (Maps.of(stream, to).orElse(null) instanceof Maps.Chosen.ByMatch(var chosen)
                && server.isOn("ssl_preread")) {
            cases.addAll(chosen);
        } else {
            remarks.left(
                    line.at(),
                    "where %s leads cannot be told".formatted(Text.shown(line.text())),
                    "write a route with match: {sni: NAME} for each pool that is meant");
            return List.of();
        }
        Optional<RouteMatch> who = clients(server);
        if (who.isEmpty() || (datagrams && !who.get().equals(RouteMatch.ANY))) {
            if (who.isPresent()) {
                remarks.left(
                        server.at(),
                        "who may send datagrams cannot be said, so there is no listener",
                        "filter them with nftables");
            }
            return List.of();
        }
        List<Node.Mapping> routes = new ArrayList<>();
        for (Maps.Case each : cases) {
            Target target = new Target(server.isOn("proxy_ssl"), false, each.value(), "");
            Optional<String> pool = upstreams.pool(server, target, each.at());
            if (pool.isEmpty()
                    || !(each.match().and(who.get()) instanceof RouteMatch.Both.Is(var match))) {
                remarks.left(
                        each.at(),
                        "%s is no place to pass sessions to".formatted(Text.shown(each.value())),
                        "write a pool, and a route to it");
                continue;
            }
            Node.Mapping route = new Node.Mapping(each.at());
            match.toNode(each.at()).ifPresent(m -> route.put("match", m));
            route.text("pool", each.at(), pool.get());
            routes.add(route);
        }
        return routes;
    }

    /** Whose sessions are taken; empty where it cannot be said. */
    private Optional<RouteMatch> clients(Scope server) {
        List<Directive> lines = server.nearest(Set.of("allow", "deny"));
        List<Network> allowed = new ArrayList<>();
        boolean closed = false;
        for (Directive line : lines) {
            Optional<Network> network = Networks.parse(line.arg(0));
            if (line.arg(0).equals("all")) {
                closed = line.is("deny");
                if (!closed && !allowed.isEmpty()) {
                    allowed.clear();
                }
                break;
            }
            if (line.is("deny") || network.isEmpty()) {
                remarks.left(
                        line.at(),
                        "a session is only refused where no route is for its client, so there is no listener",
                        "write match: {client: [NETWORKS]} of a route with those who may come");
                return Optional.empty();
            }
            allowed.add(network.get());
        }
        if (closed && allowed.isEmpty()) {
            remarks.left(server.at(), "nobody may come, so there is no listener", "remove it");
            return Optional.empty();
        }
        return Optional.of(closed ? RouteMatch.ofClient(allowed) : RouteMatch.ANY);
    }
}
