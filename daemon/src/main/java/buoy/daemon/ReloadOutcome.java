package buoy.daemon;

import java.util.List;

/** What a reload led to. In every case but the first, what ran goes on unchanged. */
sealed interface ReloadOutcome {
    /**
     * The new configuration runs; or would, where nobody asked for more than that.
     *
     * @param changes one line for each key that is not as it was
     * @param warnings one line each; what only a restart can change is among them
     */
    record Applied(String hash, List<String> changes, List<String> warnings)
            implements ReloadOutcome {
        public Applied {
            changes = List.copyOf(changes);
            warnings = List.copyOf(warnings);
        }
    }

    /** The configuration is bad; one line a problem. */
    record Rejected(List<String> problems) implements ReloadOutcome {
        public Rejected {
            problems = List.copyOf(problems);
        }
    }

    /** The configuration is good, but the system did not give what it asks for. */
    record Refused(String why) implements ReloadOutcome {}

    /** In a word, for logs, metrics and status. */
    default String word() {
        return switch (this) {
            case Applied _ -> "applied";
            case Rejected _ -> "rejected";
            case Refused _ -> "refused";
        };
    }

    /** What there is to say about it, one line each. */
    default List<String> lines() {
        return switch (this) {
            case Applied(var _, var _, var warnings) -> warnings;
            case Rejected(var problems) -> problems;
            case Refused(var why) -> List.of(why);
        };
    }
}
