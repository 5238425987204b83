package buoy.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

/**
 * What a figure must be read with.
 *
 * @param idlePercent how idle the machine was just before; below 90, others had a hand in it
 */
record Machine(String processor, int cores, String kernel, int idlePercent) {
    /** A machine is called quiet from so many percent on. */
    static final int QUIET = 90;

    private static final Path STAT = Path.of("/proc/stat");
    private static final int IDLE = 3;
    private static final int IOWAIT = 4;

    /** How idle the machine is, in percent, watched for a while. */
    static int idlePercent(Duration time) {
        long[] before = times(Proc.read(STAT));
        Pause.of(time);
        return idlePercent(before, times(Proc.read(STAT)));
    }

    /** The machine, and how idle it is. */
    static Machine watched(Duration time) {
        int idlePercent = idlePercent(time);
        return new Machine(
                processor(Proc.read(Path.of("/proc/cpuinfo"))),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name") + " " + System.getProperty("os.version"),
                idlePercent);
    }

    boolean wasBusy() {
        return idlePercent < QUIET;
    }

    /** The first line of /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal. */
    static long[] times(String stat) {
        String line = stat.lines().findFirst().orElse("");
        return Arrays.stream(line.replaceFirst("cpu +", "").split(" ", -1))
                .limit(8)
                .mapToLong(Long::parseLong)
                .toArray();
    }

    static int idlePercent(long[] before, long[] after) {
        long all = Arrays.stream(after).sum() - Arrays.stream(before).sum();
        long idle = after[IDLE] + after[IOWAIT] - before[IDLE] - before[IOWAIT];
        return all == 0 ? 100 : (int) (100 * idle / all);
    }

    private static String processor(String cpuinfo) {
        return cpuinfo.lines()
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse(System.getProperty("os.arch"));
    }
}
