package buoy.daemon.page;

import buoy.daemon.peer.PeerStatus;
import buoy.daemon.status.Verdict;
import java.util.List;

/** The other Buoy hosts. */
final class PeersPart {
    private PeersPart() {}

    static void write(Picture picture, Html out) {
        List<PeerStatus> peers = picture.status().peers();
        if (peers.isEmpty()) {
            return;
        }
        out.title("Peers").table("Peers", "Peer", "Host", "State", "Why");
        for (PeerStatus each : peers) {
            out.row(each.address()).cell(each.host().orElse("-")).raw("<td>");
            out.tag(
                    each.connected() ? Verdict.Health.GOOD : Verdict.Health.DEGRADED,
                    each.connected() ? "connected" : "away");
            out.raw(" ").soft("span", picture.since(each.since())).raw("</td>");
            out.why(each.why()).endRow();
        }
        out.endTable();
    }
}
