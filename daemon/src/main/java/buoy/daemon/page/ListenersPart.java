package buoy.daemon.page;

import buoy.daemon.status.Words;
import buoy.lb.BalancerStatus.ListenerStatus;
import java.util.List;
import java.util.stream.Collectors;

/** Where clients come in. */
final class ListenersPart {
    /** In characters. */
    private static final int ROOM = 7 * 1024;

    private ListenersPart() {}

    static void write(Picture picture, Html out) {
        List<ListenerStatus> listeners = picture.status().balancer().listeners();
        if (listeners.isEmpty()) {
            return;
        }
        out.title("Listeners");
        out.table(
                "Listeners",
                "Listener",
                "Protocol",
                "Address",
                "#Open",
                "#Done",
                "#Failed",
                "#From clients",
                "#To clients",
                "Reasons");
        Fold<ListenerStatus> rows = Fold.of(listeners, ROOM, ListenersPart::listener);
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

    private static void listener(ListenerStatus each, Html out) {
        out.row(each.name()).cell(each.protocol() + (each.secure() ? "+tls" : ""));
        out.cell(each.bound().stream().map(Object::toString).collect(Collectors.joining(" ")));
        out.number(String.valueOf(each.connections()));
        out.number(Words.count(each.totals().finished()));
        out.number(Words.count(each.totals().failed()));
        out.number(Words.bytes(each.totals().bytesFromClient()));
        out.number(Words.bytes(each.totals().bytesToClient()));
        out.why(Reasons.of(each.totals().failures())).endRow();
    }
}
