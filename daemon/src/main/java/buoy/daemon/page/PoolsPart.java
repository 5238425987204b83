package buoy.daemon.page;

import buoy.daemon.status.PoolNotes;
import buoy.daemon.status.Words;
import buoy.lb.BalancerStatus.PoolStatus;
import buoy.lb.BalancerStatus.ServerStatus;
import buoy.lb.pool.Duty;
import buoy.lb.pool.Percentiles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The pools, each with a table of its servers.
 *
 * <p>A configuration may have ten thousand servers, in one pool or in as many: pools that there is
 * no room for are a line each, and of a large pool those servers are shown that are not as they
 * should be, and then the first ones.
 */
final class PoolsPart {
    /** Of one pool, whatever room there is: a page is for people. */
    static final int MOST_SERVERS = 50;

    /** In characters, all pools together. */
    private static final int ROOM = 48 * 1024;

    /** Part of it, where there are pools that have a line only. */
    private static final int ROOM_FOR_LINES = 8 * 1024;

    /** A pool is not shown with fewer servers, if it has more. */
    private static final int FEWEST_SERVERS = 3;

    private static final List<String> TITLES =
            List.of(
                    "Server", "State", "Why", "#Weight", "#Active", "#Per s", "#Done", "#Failed",
                    "#p50", "#p90", "#p99", "#p99.9", "Address");

    private PoolsPart() {}

    static void write(Picture picture, Html out) {
        List<PoolStatus> pools = picture.status().balancer().pools();
        if (pools.isEmpty()) {
            return;
        }
        out.title("Pools");
        int needed = pools.stream().mapToInt(pool -> needed(picture, pool)).sum();
        Set<String> whole = chosen(picture, needed > ROOM ? ROOM - ROOM_FOR_LINES : ROOM);
        Map<String, String> markup = written(picture, whole);
        pools.forEach(pool -> out.raw(markup.getOrDefault(pool.name(), "")));
        List<PoolStatus> others =
                pools.stream().filter(pool -> !whole.contains(pool.name())).toList();
        if (!others.isEmpty()) {
            lines(picture, others, out);
        }
    }

    /** About how many characters a pool takes with a few servers. */
    private static int needed(Picture picture, PoolStatus pool) {
        int servers = Math.min(FEWEST_SERVERS, pool.servers().size());
        return picture.actions() ? 1500 + servers * 1150 : 1000 + servers * 650;
    }

    /** The worst ones first, then by the order of the configuration. */
    private static Set<String> chosen(Picture picture, int room) {
        Set<String> chosen = new HashSet<>();
        int left = room;
        for (PoolStatus pool :
                picture.status().balancer().pools().stream()
                        .sorted(Comparator.comparingInt(PoolsPart::rank))
                        .toList()) {
            left -= needed(picture, pool);
            if (left < 0) {
                break;
            }
            chosen.add(pool.name());
        }
        return chosen;
    }

    /** What small pools leave is for large ones, of which each gets as much. */
    private static Map<String, String> written(Picture picture, Set<String> chosen) {
        List<PoolStatus> bySize =
                picture.status().balancer().pools().stream()
                        .filter(pool -> chosen.contains(pool.name()))
                        .sorted(Comparator.comparingInt(pool -> pool.servers().size()))
                        .toList();
        Map<String, String> markup = new HashMap<>();
        boolean all = chosen.size() == picture.status().balancer().pools().size();
        int left = all ? ROOM : ROOM - ROOM_FOR_LINES;
        for (PoolStatus pool : bySize) {
            Html out = new Html();
            pool(picture, pool, left / (bySize.size() - markup.size()), out);
            markup.put(pool.name(), out.toString());
            left -= out.length();
        }
        return markup;
    }

    private static int rank(PoolStatus pool) {
        return switch (css(pool)) {
            case "bad" -> 0;
            case "degraded" -> 1;
            default -> pool.paused().isPresent() ? 1 : 2;
        };
    }

    private static String css(PoolStatus pool) {
        boolean well = pool.serversUp() > 0 && pool.servers().stream().allMatch(PoolsPart::isWell);
        return well ? "good" : pool.serversUp() == 0 ? "bad" : "degraded";
    }

    private static void upOf(PoolStatus pool, Html out) {
        out.tag(css(pool), pool.serversUp() + " of " + pool.servers().size() + " up");
        pool.paused().ifPresent(_ -> out.raw(" ").tag("degraded", "paused"));
    }

    /** A line each, and one for those that not even these hold. */
    private static void lines(Picture picture, List<PoolStatus> pools, Html out) {
        Fold<PoolStatus> lines =
                Fold.of(
                        pools,
                        pools.size(),
                        ROOM_FOR_LINES,
                        PoolsPart::rank,
                        (pool, line) -> {
                            line.row(pool.name()).raw("<td>");
                            upOf(pool, line);
                            line.raw("</td>");
                            Sums.of(picture, pool.name(), pool.servers()).cells(line);
                            line.endRow();
                        });
        out.raw("<h3 class=\"pool\">Other pools</h3>\n");
        out.table("Other pools", "Pool", "State", "#Active", "#Per s", "#Done", "#Failed");
        lines.write(out);
        out.endTable();
        lines.rest(
                lines.count(
                        pool ->
                                switch (css(pool)) {
                                    case "good" -> "with every server up";
                                    case "bad" -> "with none up";
                                    default -> "with some up";
                                }),
                out);
    }

    private static void pool(Picture picture, PoolStatus pool, int room, Html out) {
        out.raw("<div class=\"pool\"><h3><span>").text(pool.name()).raw("</span> ");
        upOf(pool, out);
        out.raw(" ").soft("span", String.join(", ", PoolNotes.of(pool))).raw("</h3>");
        if (picture.actions()) {
            out.raw(" ").actions();
            out.button(Action.PAUSE, pool.name(), pool.paused().isPresent());
            out.button(Action.RESUME_POOL, pool.name(), pool.paused().isEmpty()).endActions();
        }
        out.raw("</div>\n");
        List<String> titles = new ArrayList<>(TITLES);
        if (picture.actions()) {
            titles.add(3, "Actions");
        }
        out.table("Servers of pool " + pool.name(), titles.toArray(String[]::new));
        Fold<ServerStatus> servers =
                Fold.of(
                        pool.servers(),
                        MOST_SERVERS,
                        room - out.length(),
                        PoolsPart::rank,
                        (server, row) -> server(picture, pool.name(), server, row));
        servers.write(out);
        out.endTable();
        servers.rest(
                servers.count(server -> Words.of(server.health().state()))
                        + "; "
                        + Sums.of(picture, pool.name(), servers.rest()).inWords(),
                out);
    }

    private static boolean isWell(ServerStatus server) {
        return server.health().isUp() || server.health().otherRole();
    }

    private static int rank(ServerStatus server) {
        if (!isWell(server)) {
            return switch (server.health().state()) {
                case DOWN -> 0;
                case UP, UNKNOWN -> 2;
            };
        }
        return server.ejected().isPresent() || server.orders().duty() != Duty.READY ? 1 : 3;
    }

    private static void server(Picture picture, String pool, ServerStatus server, Html out) {
        String name = pool + "/" + server.name();
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
        String reasons = Reasons.of(server.totals().failures());
        out.why(PoolNotes.of(server) + (reasons.isEmpty() ? "" : "; failed: " + reasons));
        if (picture.actions()) {
            actions(name, server, out);
            out.raw("<td class=\"num\">");
            out.button(Action.WEIGHT, name, server.weight()).raw("</td>");
        } else {
            out.number(String.valueOf(server.weight()));
        }
        out.number(Words.active(server));
        out.number(picture.pace().of(name).map(Words::rate).orElse("-"));
        out.number(Words.count(server.totals().finished()));
        out.number(Words.count(server.totals().failed()));
        Percentiles times = server.totals().latency();
        for (Duration each : List.of(times.p50(), times.p90(), times.p99(), times.p999())) {
            out.number(times.count() > 0 ? Words.latency(each) : "-");
        }
        out.cell(Words.address(server)).endRow();
    }

    private static void actions(String name, ServerStatus server, Html out) {
        Duty duty = server.orders().duty();
        out.raw("<td>").actions();
        out.button(Action.READY, name, duty == Duty.READY);
        out.button(Action.DRAIN, name, duty == Duty.DRAIN);
        out.button(Action.MAINTENANCE, name, duty == Duty.MAINTENANCE).endActions().raw("</td>");
    }
}
