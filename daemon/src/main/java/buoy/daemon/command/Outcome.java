package buoy.daemon.command;

import java.time.Duration;
import java.util.Optional;

/** How a run went. */
public sealed interface Outcome {
    /**
     * It came to its end.
     *
     * @param status 0 means that all is well; 128 and more, that a signal ended it
     * @param output the beginning of what it wrote, standard output and standard error together
     */
    record Exited(int status, String output) implements Outcome {}

    /** It did not end in time and was killed. */
    record TimedOut(Duration timeout, String output) implements Outcome {}

    /** It could not be run. */
    record NotRun(String why) implements Outcome {}

    /** What went wrong, in words; empty if nothing did. */
    default Optional<String> failure() {
        return switch (this) {
            case Exited(int status, _) when status == 0 -> Optional.empty();
            case Exited(int status, var output) -> Optional.of("exit " + status + said(output));
            case TimedOut(var timeout, var output) ->
                    Optional.of(
                            "killed because it took longer than %d ms%s"
                                    .formatted(timeout.toMillis(), said(output)));
            case NotRun(var why) -> Optional.of("cannot be run: " + why);
        };
    }

    /** Its first words: a line at most. */
    private static String said(String output) {
        String line = output.lines().filter(each -> !each.isBlank()).findFirst().orElse("").strip();
        String start = line.length() > 200 ? line.substring(0, 200) + "..." : line;
        return start.isEmpty() ? "" : ": " + start;
    }
}
