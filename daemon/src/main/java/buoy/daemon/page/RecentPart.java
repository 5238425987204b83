package buoy.daemon.page;

import buoy.daemon.events.Said;

/** What happened last, as the log says it. */
final class RecentPart {
    private RecentPart() {}

    static void write(Picture picture, Html out) {
        out.title("Recent events");
        if (picture.recent().isEmpty()) {
            out.soft("p", "Nothing yet.");
            return;
        }
        out.table("Recent events", "Time (UTC)", "Kind", "What");
        for (Said each : picture.recent()) {
            String at = each.at().toString();
            boolean today = at.startsWith(picture.status().at().toString().substring(0, 10));
            out.row(today ? at.substring(11, 19) : at.substring(0, 19).replace('T', ' '));
            out.cell(each.kind()).why(each.message()).endRow();
        }
        out.endTable();
    }
}
