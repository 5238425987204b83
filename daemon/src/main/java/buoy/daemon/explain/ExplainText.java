package buoy.daemon.explain;

import buoy.daemon.explain.Explanation.PoolPart;
import buoy.daemon.explain.Explanation.ServerPart;
import buoy.daemon.explain.Explanation.TriedRoute;

/** An explanation for people. */
public final class ExplainText {
    private ExplainText() {}

    public static String of(Explanation it) {
        StringBuilder out = new StringBuilder();
        line(out, "listener", it.listener() + ", " + it.why());
        it.certificate().ifPresent(shown -> line(out, "certificate", shown));
        for (TriedRoute route : it.tried()) {
            line(out, "routes[" + route.number() + "]", said(route));
        }
        line(out, it.refused() ? "ends" : "goes", it.outcome());
        it.besides().forEach(each -> line(out, "mind", each));
        it.sent().forEach(each -> line(out, "sent", each));
        for (PoolPart pool : it.pools()) {
            line(out, "pool", "%s, %s: %s".formatted(pool.name(), pool.role(), pool.how()));
            pool.now().forEach(each -> line(out, "", each));
            pool.servers().forEach(each -> line(out, "", said(each)));
            pool.choice().ifPresent(each -> line(out, "", each));
        }
        return out.toString();
    }

    private static void line(StringBuilder out, String title, String text) {
        out.append("%-12s %s".formatted(title, text).stripTrailing()).append('\n');
    }

    private static String said(TriedRoute route) {
        if (route.fits()) {
            return "fits: "
                    + (route.asks().isEmpty()
                            ? "it takes everything"
                            : String.join(", ", route.asks()));
        }
        return "does not fit: not " + String.join(", not ", route.misses());
    }

    private static String said(ServerPart server) {
        String mark = server.eligible().map(yes -> yes ? "may take it" : "may not").orElse("");
        String known = mark.isEmpty() || server.why().isEmpty() ? mark : mark + ", ";
        return "%s %s %s%s".formatted(server.name(), server.address(), known, server.why());
    }
}
