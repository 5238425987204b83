package buoy.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** What the kernel tells of a process and of the machine (proc(5)). */
final class Proc {
    /** USER_HZ, the unit of times in /proc: 100 on every architecture that Buoy runs on. */
    private static final long TICKS_PER_SECOND = 100;

    /** Fields of /proc/PID/stat, counted from the one behind the name. */
    private static final int UTIME = 11;

    private static final int STIME = 12;

    private Proc() {}

    /**
     * CPU time in user and kernel mode, ended threads included. The kernel derives the sum from its
     * nanosecond clock, so it is exact to a tick however short the stretches were.
     */
    static Duration cpuTime(long pid) {
        return cpuTime(read(Path.of("/proc", Long.toString(pid), "stat")));
    }

    /** The same from the text of /proc/PID/stat. A name may hold blanks and parentheses. */
    static Duration cpuTime(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        long ticks = Long.parseLong(fields[UTIME]) + Long.parseLong(fields[STIME]);
        return Duration.ofMillis(ticks * 1000 / TICKS_PER_SECOND);
    }

    /** Resident memory in KiB. */
    static long residentKib(long pid) {
        return Long.parseLong(statusValue(pid, "VmRSS").replaceAll("\\D", ""));
    }

    /** A line of /proc/PID/status. */
    static String statusValue(long pid, String key) {
        Path file = Path.of("/proc", Long.toString(pid), "status");
        return read(file)
                .lines()
                .filter(line -> line.startsWith(key + ":"))
                .map(line -> line.substring(key.length() + 1).strip())
                .findFirst()
                .orElseThrow(() -> new BenchFailed(file + " has no " + key));
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new BenchFailed("cannot read " + file + ": " + e.getMessage(), e);
        }
    }
}
