package buoy.config.model;

/** {@code log}: what is logged and how a line looks. */
public record LogSettings(Level level, Format format) {
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
