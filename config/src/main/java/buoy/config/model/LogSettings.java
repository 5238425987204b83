package buoy.config.model;

/**
 * {@code log}: what is logged, how a line looks and where it goes.
 *
 * @param to as the access log's lines may go
 */
public record LogSettings(Level level, Format format, AccessLog.Destination to) {
    /** To standard output. */
    public LogSettings(Level level, Format format) {
        this(level, format, new AccessLog.Destination.Stdout());
    }

    /** From most to least verbose. */
    public enum Level {
        TRACE,
        DEBUG,
        INFO,
        WARN,
        ERROR
    }

    /** One line an event: for people or for machines. */
    public enum Format {
        TEXT,
        JSON
    }
}
