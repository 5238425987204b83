package buoy.config.model;

import java.util.Map;
import java.util.Set;

/**
 * What a listener changes about the header fields of messages that pass; of both directions alike.
 * Names are as they are written in the file; what is removed is gone before something is set.
 *
 * @param set in place of all lines of that name
 * @param add besides them
 */
public record FieldChanges(
        Map<String, Template> set, Map<String, Template> add, Set<String> remove) {
    public static final FieldChanges NONE = new FieldChanges(Map.of(), Map.of(), Set.of());

    public FieldChanges {
        set = Ordered.copy(set);
        add = Ordered.copy(add);
        remove = Set.copyOf(remove);
    }
}
