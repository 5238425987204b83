package buoy.linux;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What the kernel tells of a process (proc_pid_stat(5)).
 *
 * @param name of its command, of which the kernel keeps 15 bytes
 * @param ended but whoever started it has not asked how
 * @param startTicks after the boot it began, in clock ticks: the same in every namespace of process
 *     ids, where its number is not
 */
public record ProcessStat(String name, boolean ended, long startTicks) {
    /** Longer than a line with the largest of numbers up to the last that is read. */
    private static final int ENOUGH = 512;

    /** Of the fields behind the name. */
    private static final int STATE = 0;

    private static final int START_TIME = 19;

    /** Of this process; empty without /proc. */
    public static Optional<ProcessStat> ofThisProcess() {
        return read("self");
    }

    /** Empty where there is none. */
    public static Optional<ProcessStat> of(long process) {
        return read(Long.toString(process));
    }

    private static Optional<ProcessStat> read(String process) {
        try (InputStream in = Files.newInputStream(Path.of("/proc", process, "stat"))) {
            return parse(new String(in.readNBytes(ENOUGH), StandardCharsets.UTF_8));
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    /** From {@code 4711 (name) S 1 ...}, where the name may hold anything. Empty if it is other. */
    static Optional<ProcessStat> parse(String line) {
        int from = line.indexOf('(');
        int to = line.lastIndexOf(')');
        if (from < 0 || to < from || to + 2 >= line.length()) {
            return Optional.empty();
        }
        String[] fields = line.substring(to + 2).split(" ", START_TIME + 2);
        if (fields.length <= START_TIME || !fields[START_TIME].matches("[0-9]{1,18}")) {
            return Optional.empty();
        }
        boolean ended = fields[STATE].equals("Z") || fields[STATE].equals("X");
        return Optional.of(
                new ProcessStat(
                        line.substring(from + 1, to), ended, Long.parseLong(fields[START_TIME])));
    }
}
