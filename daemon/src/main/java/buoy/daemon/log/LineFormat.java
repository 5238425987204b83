package buoy.daemon.log;

import buoy.config.model.LogSettings;
import buoy.daemon.json.JsonText;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogRecord;

/** Renders a record as one line, whatever stands in it. */
final class LineFormat {
    private static final int FRAMES = 20;
    private static final int CAUSES = 5;
    private static final String PREFIX = "buoy.";
    private static final String LEFT_OUT = "left-out";

    private final DateTimeFormatter time =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);
    private final Formatter others = new Others();
    private final JsonText json = new JsonText();

    /**
     * The line, without its end.
     *
     * @param dated with time and level; without where whoever takes it has both by other means.
     *     JSON has them always
     */
    String line(LogRecord record, LogSettings.Format format, boolean dated) {
        return switch (format) {
            case TEXT -> text(record, dated);
            case JSON -> json(record);
        };
    }

    /** The line with how many like it were left out, if any were. */
    LogRecord counted(Repetition.Said<LogRecord> said) {
        LogRecord record = said.line();
        if (said.leftOut() == 0) {
            return record;
        }
        LogRecord counted =
                new LogRecord(
                        record.getLevel(),
                        "%s (and %d more like it in the last %d s)"
                                .formatted(
                                        message(record),
                                        said.leftOut(),
                                        Math.max(1, said.over().toSeconds())));
        counted.setInstant(record.getInstant());
        counted.setLoggerName(record.getLoggerName());
        counted.setThrown(record.getThrown());
        counted.setParameters(
                new Object[] {fields(record).orElse(Fields.NONE).and(LEFT_OUT, said.leftOut())});
        return counted;
    }

    private String text(LogRecord record, boolean dated) {
        StringBuilder line = new StringBuilder(160);
        if (dated) {
            line.append(time.format(record.getInstant()))
                    .append(' ')
                    .append("%-5s".formatted(level(record)))
                    .append(' ');
        }
        line.append(source(record)).append(": ").append(message(record));
        if (record.getThrown() != null) {
            line.append(": ").append(trace(record.getThrown()));
        }
        return oneLine(line);
    }

    private String json(LogRecord record) {
        return json.of(
                out -> {
                    out.writeStartObject();
                    out.writeStringField("time", time.format(record.getInstant()));
                    out.writeStringField("level", level(record));
                    out.writeStringField("source", source(record));
                    out.writeStringField("message", message(record));
                    Fields fields = fields(record).orElse(Fields.NONE);
                    for (Map.Entry<String, Object> field : fields.values().entrySet()) {
                        JsonText.scalar(out, field.getKey(), field.getValue());
                    }
                    if (record.getThrown() != null) {
                        out.writeStringField("trace", trace(record.getThrown()));
                    }
                    out.writeEndObject();
                });
    }

    /** What the record says, with its values in their places. */
    String message(LogRecord record) {
        // Our messages are final; braces in them (a path, a peer's word) are not placeholders.
        return fields(record).isPresent() ? record.getMessage() : others.formatMessage(record);
    }

    /** The facts of a record of ours; of others there are none. */
    static Optional<Fields> fields(LogRecord record) {
        Object[] parameters = record.getParameters();
        return parameters != null && parameters.length == 1 && parameters[0] instanceof Fields own
                ? Optional.of(own)
                : Optional.empty();
    }

    private static String source(LogRecord record) {
        String name = record.getLoggerName();
        if (name == null || name.isEmpty()) {
            return "java";
        }
        return name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
    }

    private static String level(LogRecord record) {
        int value = record.getLevel().intValue();
        if (value >= Level.SEVERE.intValue()) {
            return "error";
        }
        if (value >= Level.WARNING.intValue()) {
            return "warn";
        }
        if (value >= Level.INFO.intValue()) {
            return "info";
        }
        return value >= Level.FINE.intValue() ? "debug" : "trace";
    }

    /** Exception, frames and causes on one line: a log is read by the line. */
    private static String trace(Throwable thrown) {
        StringBuilder out = new StringBuilder();
        int causes = 0;
        for (Throwable cause = thrown;
                cause != null && causes < CAUSES;
                cause = cause.getCause(), causes++) {
            out.append(out.isEmpty() ? "" : " caused by ").append(cause);
            StackTraceElement[] frames = cause.getStackTrace();
            for (int i = 0; i < Math.min(frames.length, FRAMES); i++) {
                out.append(" at ").append(frames[i]);
            }
        }
        return out.toString();
    }

    /** Control characters become visible: nothing that came from outside may forge a line. */
    private static String oneLine(CharSequence text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
                out.append("\\u%04x".formatted((int) c));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    /** Borrowed for its message formatting: what the JDK and Netty log has placeholders. */
    private static final class Others extends Formatter {
        @Override
        public String format(LogRecord record) {
            return formatMessage(record);
        }
    }
}
