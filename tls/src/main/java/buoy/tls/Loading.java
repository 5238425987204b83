package buoy.tls;

import java.util.List;

/**
 * What became of the operator's files.
 *
 * @param <T> what speaks TLS with them
 */
public sealed interface Loading<T> {
    /**
     * All is well.
     *
     * @param warnings certificates that are or soon will be of no use; they are shown all the same
     */
    record Ready<T>(T tls, List<Finding> warnings) implements Loading<T> {
        public Ready {
            warnings = List.copyOf(warnings);
        }
    }

    /** Every reason why these files cannot be used; at least one. */
    record Refused<T>(List<Finding> problems) implements Loading<T> {
        public Refused {
            problems = List.copyOf(problems);
        }
    }
}
