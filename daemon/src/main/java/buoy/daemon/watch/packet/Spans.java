package buoy.daemon.watch.packet;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;

/** Times between packets as people read them: {@code 0.08ms}, {@code 100.2ms}, {@code 3.61s}. */
public final class Spans {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private Spans() {}

    public static String of(Duration span) {
        if (span.compareTo(SECOND) < 0) {
            return number(BigDecimal.valueOf(span.toNanos(), 6), span.toMillis() < 1 ? 2 : 1)
                    + "ms";
        }
        if (span.toMinutes() < 2) {
            return number(BigDecimal.valueOf(span.toMillis(), 3), 2) + "s";
        }
        return span.toHours() < 2 ? span.toMinutes() + "m" : span.toHours() + "h";
    }

    private static String number(BigDecimal value, int places) {
        BigDecimal rounded = value.setScale(places, RoundingMode.HALF_UP).stripTrailingZeros();
        return rounded.scale() < 0
                ? rounded.setScale(0, RoundingMode.UNNECESSARY).toPlainString()
                : rounded.toPlainString();
    }
}
