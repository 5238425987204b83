package buoy.daemon.page;

import buoy.daemon.status.PoolNotes;
import buoy.daemon.status.Words;
import buoy.lb.BalancerStatus.PoolStatus;
import buoy.lb.BalancerStatus.ServerStatus;
import buoy.lb.pool.Duty;
import buoy.lb.pool.Percentiles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The pools, each with a table of its servers. */
final class PoolsPart {
    private static final List<String> TITLES =
            List.of(
                    "Server", "State", "Address", "#Weight", "#Active", "#Done", "#Failed", "#p50",
                    "#p90", "#p99", "#p99.9", "Why");

    private PoolsPart() {}

    static void write(Picture picture, Html out) {
        List<PoolStatus> pools = picture.status().balancer().pools();
        if (pools.isEmpty()) {
            return;
        }
        out.title("Pools");
        pools.forEach(pool -> pool(picture, pool, out));
    }

    private static void pool(Picture picture, PoolStatus pool, Html out) {
        int up = pool.serversUp();
        int size = pool.servers().size();
        boolean well = up > 0 && pool.servers().stream().allMatch(PoolsPart::isWell);
        out.raw("<div class=\"pool\"><h3><span>").text(pool.name()).raw("</span> ");
        out.tag(well ? "good" : up == 0 ? "bad" : "degraded", up + " of " + size + " up");
        pool.paused().ifPresent(_ -> out.raw(" ").tag("degraded", "paused"));
        out.raw(" ").soft("span", String.join(", ", PoolNotes.of(pool))).raw("</h3>");
        if (picture.actions()) {
            out.raw(" ").actions("pool " + pool.name());
            out.button(Action.PAUSE, pool.name(), pool.paused().isPresent());
            out.button(Action.RESUME_POOL, pool.name(), pool.paused().isEmpty()).endActions();
        }
        out.raw("</div>\n");
        List<String> titles = new ArrayList<>(TITLES);
        if (picture.actions()) {
            titles.add(2, "Actions");
        }
        out.table("Servers of pool " + pool.name(), titles.toArray(String[]::new));
        pool.servers().forEach(server -> server(picture, pool.name(), server, out));
        out.endTable();
    }

    private static boolean isWell(ServerStatus server) {
        return server.health().isUp() || server.health().otherRole();
    }

    private static void server(Picture picture, String pool, ServerStatus server, Html out) {
        out.row(server.name()).raw("<td>");
        out.tag(
                switch (server.health().state()) {
                    case UP -> "good";
                    case UNKNOWN -> "calm";
                    case DOWN -> server.health().otherRole() ? "calm" : "bad";
                },
                Words.of(server.health().state()));
        if (server.orders().duty() != Duty.READY) {
            out.raw(" ").tag("degraded", Words.of(server.orders().duty()));
        }
        server.ejected().ifPresent(_ -> out.raw(" ").tag("degraded", "ejected"));
        out.raw(" ").soft("span", picture.since(server.health().since())).raw("</td>");
        if (picture.actions()) {
            actions(pool + "/" + server.name(), server, out);
        }
        out.cell(Words.address(server));
        if (picture.actions()) {
            out.raw("<td class=\"num\">");
            out.button(Action.WEIGHT, pool + "/" + server.name(), server.weight()).raw("</td>");
        } else {
            out.number(String.valueOf(server.weight()));
        }
        out.number(Words.active(server));
        out.number(Words.count(server.totals().finished()));
        out.number(Words.count(server.totals().failed()));
        Percentiles times = server.totals().latency();
        for (Duration each : List.of(times.p50(), times.p90(), times.p99(), times.p999())) {
            out.number(times.count() > 0 ? Words.latency(each) : "-");
        }
        String reasons = Reasons.of(server.totals().failures());
        out.why(PoolNotes.of(server) + (reasons.isEmpty() ? "" : "; failed: " + reasons));
        out.endRow();
    }

    private static void actions(String name, ServerStatus server, Html out) {
        Duty duty = server.orders().duty();
        out.raw("<td>").actions("server " + name);
        out.button(Action.READY, name, duty == Duty.READY);
        out.button(Action.DRAIN, name, duty == Duty.DRAIN);
        out.button(Action.MAINTENANCE, name, duty == Duty.MAINTENANCE).endActions().raw("</td>");
    }
}
