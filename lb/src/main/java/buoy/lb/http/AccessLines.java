package buoy.lb.http;

import buoy.config.model.AccessLog;
import buoy.lb.http.access.Entry;
import buoy.lb.http.access.EntryFormat;
import buoy.lb.http.head.Output;
import buoy.lb.journal.Journal;
import java.time.ZoneId;
import java.util.stream.IntStream;

/** The access log of one listener: a format, and where its lines go. */
final class AccessLines {
    private final Journal journal;
    private final EntryFormat[] formats;

    AccessLines(AccessLog.Format format, Journal journal, int workers) {
        this.journal = journal;
        this.formats =
                IntStream.range(0, workers)
                        .mapToObj(_ -> EntryFormat.of(format, ZoneId.systemDefault()))
                        .toArray(EntryFormat[]::new);
    }

    /** Whether lines say how many connections there are. */
    boolean counts() {
        return formats[0].counts();
    }

    /** Writes the line of an exchange that is over. */
    void write(Workshop shop, Entry entry) {
        int worker = shop.worker.index();
        Output line = shop.line;
        line.clear();
        formats[worker].put(entry, line);
        journal.offer(worker, line.bytes(), line.length());
    }
}
