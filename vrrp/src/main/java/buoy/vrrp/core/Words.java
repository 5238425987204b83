package buoy.vrrp.core;

import java.time.Duration;

/** Durations as people read them. */
final class Words {
    private Words() {}

    /** In seconds to the millisecond, such as {@code 3.609s} or {@code 1s}. */
    static String of(Duration duration) {
        long millis = duration.plusNanos(500_000).toMillis();
        String fraction = "%03d".formatted(Math.abs(millis % 1000)).replaceFirst("0+$", "");
        return fraction.isEmpty()
                ? millis / 1000 + "s"
                : "%d.%ss".formatted(millis / 1000, fraction);
    }
}
