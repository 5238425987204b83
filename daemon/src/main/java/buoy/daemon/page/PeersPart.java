package buoy.daemon.page;

import buoy.daemon.peer.PeerStatus;
import buoy.daemon.status.Verdict;
import java.util.List;

/** The other Buoy hosts. */
final class PeersPart {
    /** In characters. */
    private static final int ROOM = 3 * 1024;

    private PeersPart() {}

    static void write(Picture picture, Html out) {
        List<PeerStatus> peers = picture.status().peers();
        if (peers.isEmpty()) {
            return;
        }
        out.title("Peers").table("Peers", "Peer", "Host", "State", "Why");
        Fold<PeerStatus> rows =
                Fold.of(
                        peers,
                        peers.size(),
                        ROOM,
                        each -> each.connected() ? 1 : 0,
                        (each, row) -> peer(picture, each, row));
        rows.write(out);
        out.endTable();
        rows.rest(rows.count(each -> each.connected() ? "connected" : "away"), out);
    }

    private static void peer(Picture picture, PeerStatus each, Html out) {
        out.row(each.address()).cell(each.host().orElse("-")).raw("<td>");
        out.tag(
                each.connected() ? Verdict.Health.GOOD : Verdict.Health.DEGRADED,
                each.connected() ? "connected" : "away");
        out.raw(" ").soft("span", picture.since(each.since())).raw("</td>");
        out.why(each.why()).endRow();
    }
}
