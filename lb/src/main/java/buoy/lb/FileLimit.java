package buoy.lb;

import buoy.lb.worker.Pipes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** How many client connections the limit on open files leaves room for. */
final class FileLimit {
    /** Listening sockets, probes, admin, logs, libraries. */
    private static final int RESERVED = 200;

    private static final int UNKNOWN = 10_000;

    private FileLimit() {}

    /** Each client connection may need a second one to a server. */
    static int connections(int workers) {
        try {
            return connections(Files.readAllLines(Path.of("/proc/self/limits")), workers);
        } catch (IOException _) {
            // Not Linux, or no /proc: a number that suits a common limit.
            return UNKNOWN;
        }
    }

    /** From the lines of /proc/PID/limits. */
    static int connections(List<String> limits, int workers) {
        for (String line : limits) {
            if (line.startsWith("Max open files")) {
                String soft = line.substring("Max open files".length()).strip().split("\\s+", 2)[0];
                if (soft.equals("unlimited")) {
                    return Integer.MAX_VALUE;
                }
                long files = Long.parseLong(soft);
                long rest = files - RESERVED - (long) workers * Pipes.FILES;
                return Math.clamp(rest / 2, 16, Integer.MAX_VALUE);
            }
        }
        return UNKNOWN;
    }
}
