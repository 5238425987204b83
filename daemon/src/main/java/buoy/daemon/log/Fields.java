package buoy.daemon.log;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Facts of an event by name, for logs read by machines; the message says the same to people. Values
 * are strings, numbers or booleans.
 */
public record Fields(Map<String, Object> values) {
    public static final Fields NONE = new Fields(Map.of());

    public Fields {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
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
