package buoy.daemon.imports.draft;

import java.time.Duration;

/** Durations as Buoy writes them. */
public final class Times {
    private static final Duration LONGEST = Duration.ofDays(365);

    private Times() {}

    /** The shortest way to write it with one unit; no more than Buoy takes, and at least 1ms. */
    public static String text(Duration duration) {
        long ms = Math.clamp(duration.toMillis(), 1, LONGEST.toMillis());
        String[] units = {"ms", "s", "m", "h", "d"};
        long[] steps = {1000, 60, 60, 24, Long.MAX_VALUE};
        int unit = 0;
        while (ms % steps[unit] == 0) {
            ms /= steps[unit];
            unit++;
        }
        return ms + units[unit];
    }
}
