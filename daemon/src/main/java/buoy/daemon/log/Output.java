package buoy.daemon.log;

import buoy.config.model.AccessLog.Destination;
import buoy.config.model.LogSettings;
import buoy.lb.journal.Outlet;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.jspecify.annotations.Nullable;

/**
 * Where lines go: standard output, or what the configuration names. What that does not take goes to
 * standard output, so that no line is lost for it. Used by the writer's thread.
 */
final class Output {
    /** What took no line is not tried again for so long: a try may take a second. */
    private static final long RESPITE_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final LineFormat format = new LineFormat();
    private final PrintStream out;
    private final boolean journal;
    private @Nullable Destination destination;
    private @Nullable Outlet outlet;
    private boolean refused;
    private long refusedAt;
    private volatile boolean again;

    /**
     * @param journal whether standard output is systemd's journal, which has times of its own and
     *     reads a line's severity (sd-daemon(3))
     */
    Output(PrintStream out, boolean journal) {
        this.out = out;
        this.journal = journal;
    }

    /** Thread-safe, unlike the rest: with the next line. */
    void reopen() {
        again = true;
    }

    void write(Repetition.Said<LogRecord> said, LogSettings settings) {
        write(format.counted(said), settings);
    }

    void write(LogRecord record, LogSettings settings) {
        if (settings.to() instanceof Destination.Stdout) {
            close();
            print(record, settings);
            return;
        }
        if (!settings.to().equals(destination)) {
            close();
            destination = settings.to();
            refused = false;
        } else if (refused && System.nanoTime() - refusedAt < RESPITE_NANOS) {
            print(record, settings);
            return;
        }
        boolean dated = settings.to() instanceof Destination.File;
        byte[] line =
                (format.line(record, settings.format(), dated) + '\n')
                        .getBytes(StandardCharsets.UTF_8);
        try {
            to(settings.to()).write(line, line.length, severity(record));
            refused = false;
        } catch (IOException | RuntimeException e) {
            // Unchecked: an address of a family that this host has not, for one.
            refusedAt = System.nanoTime();
            if (!refused) {
                refused = true;
                print(
                        Log.record(
                                Level.WARNING,
                                "%s takes no lines, they come here: %s"
                                        .formatted(settings.to(), e.getMessage())),
                        settings);
            }
            print(record, settings);
        }
    }

    private Outlet to(Destination wanted) throws IOException {
        Outlet now = outlet;
        if (now == null) {
            now = Outlet.of(wanted, Outlet.Voice.PROCESS);
            outlet = now;
        }
        boolean anew = again;
        again = false;
        now.check(anew);
        return now;
    }

    private void print(LogRecord record, LogSettings settings) {
        // In one call: access logs may go there as well.
        String severity = journal ? "<" + severity(record).number() + ">" : "";
        out.println(severity + format.line(record, settings.format(), !journal));
    }

    void flush() {
        out.flush();
    }

    void close() {
        Outlet was = outlet;
        if (was != null) {
            outlet = null;
            try {
                was.close();
            } catch (IOException e) {
                out.println("log: " + destination + ": " + e.getMessage());
            }
        }
    }

    private static Outlet.Severity severity(LogRecord record) {
        int value = record.getLevel().intValue();
        if (value >= Level.SEVERE.intValue()) {
            return Outlet.Severity.ERROR;
        }
        if (value >= Level.WARNING.intValue()) {
            return Outlet.Severity.WARNING;
        }
        return value >= Level.INFO.intValue()
                ? Outlet.Severity.INFORMATIONAL
                : Outlet.Severity.DEBUG;
    }
}
