package buoy.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Gathers what is wrong while reading goes on. The same thing said twice counts once. */
final class Problems {
    static final String NOT_AVAILABLE = "not available in this version";

    private final List<String> files = new ArrayList<>();
    private final Set<Problem> errors = new LinkedHashSet<>();
    private final Set<Problem> warnings = new LinkedHashSet<>();

    void reject(Place place, String path, String message) {
        errors.add(problem(place, path, message));
    }

    void warn(Place place, String path, String message) {
        warnings.add(problem(place, path, message));
    }

    /** The next file that problems may lie in: this is their order in the end. */
    void enter(String file) {
        files.add(file);
    }

    void addAll(Problems other) {
        errors.addAll(other.errors);
        warnings.addAll(other.warnings);
    }

    /** Takes over what the file would do wrong on another host and does not do wrong here. */
    void addFrom(Problems other, String host) {
        other.errors.stream()
                .filter(p -> !errors.contains(p))
                .forEach(p -> errors.add(on(host, p)));
        other.warnings.stream()
                .filter(p -> !warnings.contains(p))
                .forEach(p -> warnings.add(on(host, p)));
    }

    /** In the order of the files. */
    List<Problem> errors() {
        return sorted(errors);
    }

    /** In the order of the files. */
    List<Problem> warnings() {
        return sorted(warnings);
    }

    private static Problem problem(Place place, String path, String message) {
        return new Problem(place.file(), place.line(), place.column(), path, message);
    }

    private static Problem on(String host, Problem p) {
        return new Problem(
                p.file(), p.line(), p.column(), p.path(), "on " + host + ": " + p.message());
    }

    private List<Problem> sorted(Set<Problem> problems) {
        List<Problem> list = new ArrayList<>(problems);
        list.sort(
                Comparator.<Problem>comparingInt(p -> files.indexOf(p.file()))
                        .thenComparingInt(Problem::line)
                        .thenComparingInt(Problem::column));
        return list;
    }
}
