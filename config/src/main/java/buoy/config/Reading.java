package buoy.config;

import buoy.config.model.Config;
import java.util.List;

/** What came of reading a configuration file. */
public sealed interface Reading {
    /**
     * A configuration to run with.
     *
     * @param outline of all that was read
     * @param warnings what is allowed but probably not meant, in the order of the file
     */
    record Accepted(Config config, Outline outline, List<Problem> warnings) implements Reading {
        public Accepted {
            warnings = List.copyOf(warnings);
        }
    }

    /**
     * Nothing to run with.
     *
     * @param problems all of them, in the order of the file; never empty
     */
    record Rejected(List<Problem> problems) implements Reading {
        public Rejected {
            problems = List.copyOf(problems);
        }
    }
}
