package buoy.daemon.track;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How the kernel has treated one thread of this process (proc(5): {@code schedstat} and {@code
 * stat} of the task).
 *
 * @param onCore how long it has run
 * @param queued how long it has waited for a core, up to when it last got one
 * @param running whether it runs or waits for a core now, rather than sleeps
 */
record ThreadTimes(Duration onCore, Duration queued, boolean running) {
    private static final Path TASKS = Path.of("/proc/self/task");

    /** Empty where the kernel does not count, or the thread is gone. */
    static Optional<ThreadTimes> of(int thread) {
        Path task = TASKS.resolve(Integer.toString(thread));
        try {
            return parse(
                    Files.readString(task.resolve("schedstat")),
                    Files.readString(task.resolve("stat")));
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    static Optional<ThreadTimes> parse(String schedstat, String stat) {
        String[] counters = schedstat.strip().split(" ", -1);
        // The name stands in parentheses and may hold anything, even parentheses.
        int state = stat.lastIndexOf(')') + 2;
        if (counters.length < 2 || state >= stat.length()) {
            return Optional.empty();
        }
        try {
            Duration onCore = Duration.ofNanos(Long.parseLong(counters[0]));
            Duration queued = Duration.ofNanos(Long.parseLong(counters[1]));
            // A kernel that does not count says 0; this thread has run already.
            return onCore.isZero()
                    ? Optional.empty()
                    : Optional.of(new ThreadTimes(onCore, queued, stat.charAt(state) == 'R'));
        } catch (NumberFormatException _) {
            return Optional.empty();
        }
    }
}
