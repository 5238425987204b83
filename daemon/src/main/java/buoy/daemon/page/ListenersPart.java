package buoy.daemon.page;

import buoy.daemon.status.Words;
import buoy.lb.BalancerStatus.ListenerStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Where clients come in. */
final class ListenersPart {
    /** In characters. */
    private static final int ROOM = 7 * 1024;

    private static final List<String> TITLES =
            List.of(
                    "Listener",
                    "Protocol",
                    "Address",
                    "#Open",
                    "#Done",
                    "#Failed",
                    "#From clients",
                    "#To clients",
                    "Reasons");

    private ListenersPart() {}

    static void write(Picture picture, Html out) {
        List<ListenerStatus> listeners = picture.status().balancer().listeners();
        if (listeners.isEmpty()) {
            return;
        }
        out.title("Listeners");
        List<String> titles = new ArrayList<>(TITLES);
        if (picture.actions()) {
            titles.add(3, "Actions");
        }
        out.table("Listeners", titles.toArray(String[]::new));
        Fold<ListenerStatus> rows =
                Fold.of(
                        listeners,
                        listeners.size(),
                        ROOM,
                        each -> each.paused().isPresent() ? 0 : 1,
                        (each, row) -> listener(picture, each, row));
        rows.write(out);
        out.endTable();
        rows.rest(
                "%s open, %s done, %s failed"
                        .formatted(
                                Words.count(rows.sum(ListenerStatus::connections)),
                                Words.count(rows.sum(each -> each.totals().finished())),
                                Words.count(rows.sum(each -> each.totals().failed()))),
                out);
    }

    private static void listener(Picture picture, ListenerStatus each, Html out) {
        out.row(each.name()).cell(each.protocol() + (each.secure() ? "+tls" : "")).raw("<td>");
        out.text(each.bound().stream().map(Object::toString).collect(Collectors.joining(" ")));
        each.paused().ifPresent(_ -> out.raw(" ").tag("degraded", "paused"));
        out.raw("</td>");
        if (picture.actions()) {
            out.raw("<td>").actions();
            out.button(Action.PAUSE_LISTENER, each.name(), each.paused().isPresent());
            out.button(Action.RESUME_LISTENER, each.name(), each.paused().isEmpty());
            out.endActions().raw("</td>");
        }
        out.number(String.valueOf(each.connections()));
        out.number(Words.count(each.totals().finished()));
        out.number(Words.count(each.totals().failed()));
        out.number(Words.bytes(each.totals().bytesFromClient()));
        out.number(Words.bytes(each.totals().bytesToClient()));
        out.why(Reasons.of(each.totals().failures())).endRow();
    }
}
