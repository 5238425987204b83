package buoy.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What the kernel tells of a process (proc_pid_stat(5)).
 *
 * @param ended but whoever started it has not asked how: it is a zombie
 * @param startTicks after the boot it began, in clock ticks: the same in every namespace of process
 *     ids, where its number is not
 */
record ProcessStat(boolean ended, long startTicks) {
    private static final int STATE = 0;
    private static final int START_TIME = 19;

    /**
     * Empty where there is none, or it cannot be read.
     *
     * @param pid a number, or {@code self}
     */
    static Optional<ProcessStat> of(String pid) {
        try {
            String stat = Files.readString(Path.of("/proc", pid, "stat"));
            // The name before these may have any character.
            List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
            return Optional.of(
                    new ProcessStat(
                            fields.get(STATE).equals("Z"), Long.parseLong(fields.get(START_TIME))));
        } catch (IOException _) {
            return Optional.empty();
        }
    }
}
