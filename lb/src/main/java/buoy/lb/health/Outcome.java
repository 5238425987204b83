package buoy.lb.health;

import java.util.Optional;

/**
 * What one probe found; {@code why} in a few words, for people, whoever wrote them: {@link Plain}.
 */
public sealed interface Outcome {
    String why();

    /** As expected. Counted by {@code rise}. */
    record Passed(String why) implements Outcome {
        public Passed {
            why = Plain.of(why);
        }
    }

    /** An error, a wrong answer or none in time. Counted by {@code fall}. */
    record Failed(String why) implements Outcome {
        public Failed {
            why = Plain.of(why);
        }
    }

    /**
     * An answer that leaves no doubt, such as a database's role in its cluster: counts at once.
     *
     * @param report what else it said of itself
     */
    record Clear(Fit fit, String why, Optional<Report> report) implements Outcome {
        public Clear {
            why = Plain.of(why);
        }
    }

    /**
     * It works, and wants so much of its weight: counts at once.
     *
     * @param percent 0 takes nothing new
     */
    record Granted(int percent, String why) implements Outcome {
        public Granted {
            why = Plain.of(why);
        }
    }

    /** Whether a server is what the pool wants. */
    enum Fit {
        YES,
        /** It works, and is something else: nothing is wrong with it. */
        OTHER_ROLE,
        /** It is about to be, in a moment. */
        NOT_YET,
        NO
    }
}
