package buoy.daemon.page;

import buoy.daemon.status.Status;
import buoy.daemon.status.Words;
import buoy.lb.BalancerStatus.WorkerStatus;
import java.time.Duration;

/** The configuration that runs, and how the process itself does. */
final class ProcessPart {
    /** In characters. */
    private static final int ROOM_FOR_WARNINGS = 3 * 1024;

    private ProcessPart() {}

    static void write(Picture picture, Html out) {
        Status status = picture.status();
        Status.Configuration configuration = status.configuration();
        out.title("Process").raw("<div class=\"card\"><p>Configuration ");
        out.in("code", configuration.file()).raw(" ").in("code", configuration.hash());
        out.text(" loaded " + picture.since(configuration.loadedAt()) + " ago").raw("</p>");
        Duration slowest =
                status.balancer().workers().stream()
                        .map(WorkerStatus::sinceTick)
                        .max(Duration::compareTo)
                        .orElse(Duration.ZERO);
        int workers = status.balancer().workers().size();
        out.in(
                "p",
                "%s moved %s ago"
                        .formatted(
                                workers == 1
                                        ? "1 worker, which"
                                        : workers + " workers, the slowest",
                                Words.span(slowest)));
        out.in(
                "p",
                "%s of %s client connections, %s of %s wait in memory to be sent"
                        .formatted(
                                Words.count(status.balancer().connections()),
                                Words.count(status.balancer().maxConnections()),
                                Words.bytes(status.balancer().buffered()),
                                Words.bytes(status.balancer().maxBuffered())));
        if (!status.routers().isEmpty()) {
            out.in("p", "Real-time: " + status.realTime().inWords());
        }
        if (!configuration.warnings().isEmpty()) {
            out.raw("<p>The configuration works, but:</p><ul>");
            Fold<String> warnings =
                    Fold.of(
                            configuration.warnings(),
                            ROOM_FOR_WARNINGS,
                            (each, line) -> line.raw("<li><code>").brief(each).raw("</code></li>"));
            warnings.write(out);
            out.raw("</ul>");
            warnings.rest("warnings as these", out);
        }
        out.raw("</div>\n");
    }
}
