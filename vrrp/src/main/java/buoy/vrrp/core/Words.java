package buoy.vrrp.core;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;

/** Durations as people read them. */
final class Words {
    private Words() {}

    /** In seconds to the millisecond, such as {@code 3.609s}. */
    static String of(Duration duration) {
        return BigDecimal.valueOf(duration.toNanos(), 9)
                        .setScale(3, RoundingMode.HALF_UP)
                        .stripTrailingZeros()
                        .toPlainString()
                + "s";
    }
}
