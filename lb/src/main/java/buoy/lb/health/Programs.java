package buoy.lb.health;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs the programs that check servers; any thread may ask. */
public interface Programs {
    /**
     * Runs one to its end, without a shell. Waits for its turn where many run.
     *
     * @param argv the program by its path, and its arguments
     * @param environment what it finds there beside the usual
     * @param user as whom it runs; empty means as this process
     * @param timeout of the run, after which it is killed with everything it started
     * @throws InterruptedException if this thread was interrupted; the program is killed then
     */
    Ran run(
            List<String> argv,
            Map<String, String> environment,
            Optional<String> user,
            Duration timeout)
            throws InterruptedException;

    /** How it went. */
    sealed interface Ran {
        /**
         * It came to its end.
         *
         * @param output the beginning of what it wrote, as it wrote it
         */
        record Exited(int status, String output) implements Ran {}

        /** It did not end in time and was killed. */
        record Killed() implements Ran {}

        /** It could not be run. */
        record NotRun(String why) implements Ran {}
    }
}
