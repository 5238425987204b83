package buoy.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Gathers what is wrong while reading goes on. The same thing said twice counts once. */
final class Problems {
    static final String NOT_AVAILABLE = "not available in this version";

    private final Set<Problem> errors = new LinkedHashSet<>();
    private final Set<Problem> warnings = new LinkedHashSet<>();

    void reject(Place place, String path, String message) {
        errors.add(new Problem(place.file(), place.line(), place.column(), path, message));
    }

    void warn(Place place, String path, String message) {
        warnings.add(new Problem(place.file(), place.line(), place.column(), path, message));
    }

    /** In the order of the file. */
    List<Problem> errors() {
        return sorted(errors);
    }

    /** In the order of the file. */
    List<Problem> warnings() {
        return sorted(warnings);
    }

    private static List<Problem> sorted(Set<Problem> problems) {
        List<Problem> list = new ArrayList<>(problems);
        list.sort(
                Comparator.comparing(Problem::file)
                        .thenComparingInt(Problem::line)
                        .thenComparingInt(Problem::column));
        return list;
    }
}
