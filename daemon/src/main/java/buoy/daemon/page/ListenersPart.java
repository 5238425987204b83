package buoy.daemon.page;

import buoy.daemon.status.Words;
import buoy.lb.BalancerStatus.ListenerStatus;
import java.util.List;
import java.util.stream.Collectors;

/** Where clients come in. */
final class ListenersPart {
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
        for (ListenerStatus each : listeners) {
            out.row(each.name()).cell(each.protocol() + (each.secure() ? "+tls" : ""));
            out.cell(each.bound().stream().map(Object::toString).collect(Collectors.joining(" ")));
            out.number(String.valueOf(each.connections()));
            out.number(Words.count(each.totals().finished()));
            out.number(Words.count(each.totals().failed()));
            out.number(Words.bytes(each.totals().bytesFromClient()));
            out.number(Words.bytes(each.totals().bytesToClient()));
            out.why(Reasons.of(each.totals().failures())).endRow();
        }
        out.endTable();
    }
}
