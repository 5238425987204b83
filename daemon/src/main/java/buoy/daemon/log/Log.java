package buoy.daemon.log;

import buoy.config.model.LogSettings;
import buoy.daemon.queue.Mailbox;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The log of this process. Thread-safe; no call blocks. Sources are short words ({@code vrrp},
 * {@code pool}, {@code reload}), the message is a sentence that names its subject first.
 */
public final class Log implements AutoCloseable {
    private static final int CAPACITY = 8192;
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);
    private static final long LOOK_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long LOST_NANOS = Duration.ofSeconds(10).toNanos();

    private final AtomicLong lost = new AtomicLong();
    private final Mailbox<LogRecord> queue = new Mailbox<>(CAPACITY);
    private final Output output;
    private final Logger root;
    private final Logger netty;
    private final Thread writer;
    private volatile LogSettings settings;
    private volatile boolean closing;
    private volatile Listener listener = (_, _, _) -> {};

    private Log(LogSettings settings, PrintStream out) {
        this.settings = settings;
        this.output = new Output(out, StandardOutput.isJournal());
        LogManager.getLogManager().reset();
        this.root = Logger.getLogger("");
        // Held here because java.util.logging itself holds loggers weakly.
        this.netty = Logger.getLogger("io.netty");
        this.writer = Thread.ofPlatform().name("buoy-log").daemon().unstarted(this::writeLines);
    }

    /** Takes over {@code java.util.logging} of this process and writes to {@code out}. */
    public static Log open(LogSettings settings, PrintStream out) {
        Log log = new Log(settings, out);
        log.root.addHandler(log.new Queueing());
        log.apply(settings);
        log.writer.start();
        return log;
    }

    /** Hears lines that are events, whatever the level of the log. */
    @FunctionalInterface
    public interface Listener {
        /**
         * Something happened. On the thread it happened on: must not wait.
         *
         * @param event its kind, a short word
         * @param fields without that word
         */
        void said(String event, String message, Fields fields);
    }

    /** Lines with a field {@value Fields#EVENT} are told from now on. */
    public void tell(Listener listens) {
        listener = listens;
    }

    /** Level, format and where lines go from now on. */
    public void apply(LogSettings next) {
        settings = next;
        root.setLevel(julLevel(next.level()));
        // Netty's debug output is about Netty; whoever asks for all of it says trace.
        boolean everything = next.level() == LogSettings.Level.TRACE;
        netty.setLevel(everything ? Level.ALL : Level.WARNING);
    }

    public void debug(String source, String message, Fields fields) {
        log(Level.FINE, source, message, fields, null);
    }

    public void info(String source, String message, Fields fields) {
        log(Level.INFO, source, message, fields, null);
    }

    public void info(String source, String message) {
        log(Level.INFO, source, message, Fields.NONE, null);
    }

    public void warn(String source, String message, Fields fields) {
        log(Level.WARNING, source, message, fields, null);
    }

    public void warn(String source, String message) {
        log(Level.WARNING, source, message, Fields.NONE, null);
    }

    public void error(String source, String message, Fields fields) {
        log(Level.SEVERE, source, message, fields, null);
    }

    public void error(String source, String message) {
        log(Level.SEVERE, source, message, Fields.NONE, null);
    }

    /** A bug of ours: with its trace. */
    public void error(String source, String message, Throwable thrown) {
        log(Level.SEVERE, source, message, Fields.NONE, thrown);
    }

    private void log(
            Level level, String source, String message, Fields fields, @Nullable Throwable thrown) {
        fields.event().ifPresent(event -> listener.said(event, message, fields.withoutEvent()));
        if (level.intValue() < julLevel(settings.level()).intValue()) {
            return;
        }
        LogRecord record = new LogRecord(level, message);
        record.setLoggerName("buoy." + source);
        record.setParameters(new Object[] {fields});
        record.setThrown(thrown);
        queue.offer(record);
    }

    /** What is a file is opened anew, as after logrotate. */
    public void reopen() {
        output.reopen();
    }

    private void writeLines() {
        Lines lines = new Lines(System.nanoTime());
        while (!closing) {
            lines.write(queue.take(LOOK_NANOS), System.nanoTime());
        }
        lines.write(queue.take(0), System.nanoTime());
        lines.end(System.nanoTime());
        output.close();
    }

    /** What the writer's thread has under way. */
    private final class Lines {
        private final Repetition<LogRecord> repetition;
        private long lostUnsaid;
        private long lostSaidAt;

        Lines(long now) {
            this.repetition = new Repetition<>(now);
            this.lostSaidAt = now - LOST_NANOS;
        }

        void write(List<LogRecord> records, long now) {
            LogSettings set = settings;
            // Who asks for that much wants it all.
            boolean whole = julLevel(set.level()).intValue() <= Level.FINE.intValue();
            say(whole ? repetition.rest(now) : repetition.due(now), set);
            for (LogRecord record : records) {
                if (whole) {
                    output.write(record, set);
                } else {
                    say(
                            repetition.heard(
                                    Subject.of(record), Subject.facts(record), record, now),
                            set);
                }
            }
            long dropped = queue.takeDropped();
            lost.addAndGet(dropped);
            lostUnsaid += dropped;
            if (now - lostSaidAt >= LOST_NANOS) {
                sayLost(now);
            }
            output.flush();
        }

        /** There is no later. */
        void end(long now) {
            say(repetition.rest(now), settings);
            sayLost(now);
            output.flush();
        }

        private void say(List<Repetition.Said<LogRecord>> lines, LogSettings set) {
            for (Repetition.Said<LogRecord> each : lines) {
                output.write(each, set);
            }
        }

        private void sayLost(long now) {
            if (lostUnsaid > 0) {
                LogRecord record =
                        record(
                                Level.WARNING,
                                lostUnsaid
                                        + " lines lost: they came faster than they could be"
                                        + " written");
                record.setParameters(new Object[] {Fields.of("lost", lostUnsaid)});
                output.write(record, settings);
                lostUnsaid = 0;
                lostSaidAt = now;
            }
        }
    }

    /** Of the log about itself. */
    static LogRecord record(Level level, String message) {
        LogRecord record = new LogRecord(level, message);
        record.setLoggerName("buoy.log");
        record.setParameters(new Object[] {Fields.NONE});
        return record;
    }

    /** Lines dropped since the start, because they came faster than they could be written. */
    public long lost() {
        return lost.get();
    }

    /** Writes what is queued, waiting a bounded time if the output is stuck. */
    @Override
    public void close() {
        closing = true;
        LockSupport.unpark(writer);
        try {
            writer.join(LAST_WORDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static Level julLevel(LogSettings.Level level) {
        return switch (level) {
            case TRACE -> Level.ALL;
            case DEBUG -> Level.FINE;
            case INFO -> Level.INFO;
            case WARN -> Level.WARNING;
            case ERROR -> Level.SEVERE;
        };
    }

    /** What Netty and the JDK log arrives here. */
    private final class Queueing extends Handler {
        @Override
        public void publish(LogRecord record) {
            queue.offer(record);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
