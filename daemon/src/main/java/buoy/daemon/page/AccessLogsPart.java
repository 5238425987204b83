package buoy.daemon.page;

import buoy.daemon.status.Words;
import buoy.lb.journal.Journal;
import java.util.List;

/** Whether the access logs are written. */
final class AccessLogsPart {
    private AccessLogsPart() {}

    static void write(Picture picture, Html out) {
        List<Journal.State> logs = picture.status().balancer().accessLogs();
        if (logs.isEmpty()) {
            return;
        }
        out.title("Access logs");
        out.table("Access logs", "Access log", "#Written", "#Lost", "Trouble");
        for (Journal.State each : logs) {
            out.row(each.to()).number(Words.count(each.written()));
            out.number(Words.count(each.lost())).why(each.trouble().orElse("")).endRow();
        }
        out.endTable();
    }
}
