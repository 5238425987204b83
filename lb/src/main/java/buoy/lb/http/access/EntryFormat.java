package buoy.lb.http.access;

import buoy.config.model.AccessLog;
import buoy.lb.http.head.Output;
import java.time.ZoneId;

/** Makes a line of an entry. Not thread-safe: one for each worker, for it remembers the time. */
public interface EntryFormat {
    /** Appends the line with its end, which is the only LF in it. */
    void put(Entry entry, Output out);

    /** Whether {@link Entry#crowd} is asked for. */
    default boolean counts() {
        return false;
    }

    /**
     * What writes in this format.
     *
     * @param zone of formats whose times are local ones
     */
    static EntryFormat of(AccessLog.Format format, ZoneId zone) {
        return switch (format) {
            case AccessLog.Format.Json() -> new JsonLine();
            case AccessLog.Format.Combined() -> new CombinedLine(zone);
            case AccessLog.Format.Haproxy() -> new HaproxyLine(zone);
            case AccessLog.Format.Pattern(var parts) -> new PatternLine(parts);
        };
    }
}
