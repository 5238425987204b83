package buoy.daemon.imports.keepalived;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** Numbers as keepalived writes them. */
final class Numbers {
    private Numbers() {}

    /** A TIMER: seconds, with or without a fraction. */
    static Optional<Duration> seconds(String text) {
        if (!Pattern.matches("[0-9]{1,7}(\\.[0-9]{0,9})?|\\.[0-9]{1,9}", text)) {
            return Optional.empty();
        }
        String whole = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        return Optional.of(Duration.ofNanos(new BigDecimal(whole).movePointRight(9).longValue()));
    }

    static Optional<Integer> between(int least, int most, String text) {
        if (!Pattern.matches("[+-]?[0-9]{1,9}", text)) {
            return Optional.empty();
        }
        int number = Integer.parseInt(text);
        return number < least || number > most ? Optional.empty() : Optional.of(number);
    }
}
