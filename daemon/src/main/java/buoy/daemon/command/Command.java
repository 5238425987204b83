package buoy.daemon.command;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A program to run.
 *
 * @param argv the program by its path, and its arguments
 * @param environment what it finds in its environment, besides PATH and LANG
 * @param as as whom it runs
 * @param timeout after which it is killed with everything it started; to find its user takes of it
 */
public record Command(
        List<String> argv, Map<String, String> environment, RunAs as, Duration timeout) {
    public Command {
        argv = List.copyOf(argv);
        environment = Map.copyOf(environment);
    }

    /** As one would type it. */
    @Override
    public String toString() {
        return String.join(" ", argv);
    }
}
