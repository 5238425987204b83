package buoy.daemon.log;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Facts of an event by name, for logs read by machines; the message says the same to people. Values
 * are strings, numbers or booleans.
 */
public record Fields(Map<String, Object> values) {
    public static final Fields NONE = new Fields(Map.of());

    /** The field that makes a line an event. */
    static final String EVENT = "event";

    public Fields {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** Of an event of this kind. */
    public static Fields event(EventKind kind) {
        return NONE.and(EVENT, kind.word());
    }

    Optional<String> event() {
        return values.get(EVENT) instanceof String kind ? Optional.of(kind) : Optional.empty();
    }

    Fields withoutEvent() {
        Map<String, Object> rest = new LinkedHashMap<>(values);
        rest.remove(EVENT);
        return new Fields(rest);
    }

    public static Fields of(String name, Object value) {
        return NONE.and(name, value);
    }

    public Fields and(String name, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(values);
        more.put(name, value);
        return new Fields(more);
    }
}
