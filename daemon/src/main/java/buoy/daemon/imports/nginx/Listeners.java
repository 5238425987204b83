package buoy.daemon.imports.nginx;

import buoy.daemon.imports.draft.Endpoints;
import buoy.daemon.imports.draft.Mark;
import buoy.daemon.imports.draft.Node;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The listeners of an {@code http} block. */
final class Listeners {
    private Listeners() {}

    static void make(Context context, Scope http) {
        List<Scope> servers = http.own("server").stream().map(http::inner).toList();
        Upstreams upstreams = new Upstreams(context, http, true);
        for (Sockets.Listener listener : Sockets.of(servers, context.remarks())) {
            Optional<Node.Mapping> tls =
                    listener.way().encrypted()
                            ? Certificates.tls(context, listener, true)
                            : Optional.empty();
            if (listener.way().encrypted() && tls.isEmpty()) {
                continue;
            }
            Site site = new Site(context, listener, upstreams);
            site.make();
            context.draft()
                    .section("listeners")
                    .put(
                            context.draft().freeName("listeners", name(listener)),
                            node(context, listener, site, tls));
        }
        upstreams.rest();
    }

    private static Node.Mapping node(
            Context context, Sockets.Listener listener, Site site, Optional<Node.Mapping> tls) {
        Mark at = listener.first();
        Node.Mapping node = new Node.Mapping(at);
        node.put("bind", Node.Items.texts(at, listener.endpoints()));
        node.text("protocol", at, "http");
        tls.ifPresent(each -> node.put("tls", each));
        ListenerKeys.add(context, site, node);
        List<Node.Mapping> routes = site.routes();
        if (routes.size() == 1 && routes.getFirst().entries().keySet().equals(Set.of("pool"))) {
            node.put("pool", routes.getFirst().get("pool").orElseThrow());
        } else {
            Node.Items items = new Node.Items(at);
            routes.forEach(items::add);
            node.put("routes", items);
        }
        return node;
    }

    private static String name(Sockets.Listener listener) {
        int port = Endpoints.port(listener.endpoints().getFirst());
        String scheme = listener.way().encrypted() ? "https" : "http";
        boolean usual = port == (listener.way().encrypted() ? 443 : 80);
        return usual ? scheme : port == 0 ? scheme + "-unix" : scheme + "-" + port;
    }
}
