package buoy.daemon.imports.nginx;

import buoy.daemon.imports.draft.Times;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Times and sizes as NGINX writes them. */
final class Values {
    private static final Duration LONGEST = Duration.ofDays(365);
    private static final long LARGEST = 1L << 40;
    private static final Pattern TIME_PART = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d|w|M|y)?\\s*");
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,12})([kmg]?)");

    private Values() {}

    /** {@code 1h30m}; seconds where there is no unit. Empty where it is none. */
    static Optional<Duration> time(String text) {
        Matcher part = TIME_PART.matcher(text);
        Duration all = Duration.ZERO;
        int from = 0;
        while (from < text.length() && part.find(from) && part.start() == from) {
            long number = Long.parseLong(part.group(1));
            String unit = part.group(2) == null ? "s" : part.group(2);
            all =
                    all.plus(
                            switch (unit) {
                                case "ms" -> Duration.ofMillis(number);
                                case "m" -> Duration.ofMinutes(number);
                                case "h" -> Duration.ofHours(number);
                                case "d" -> Duration.ofDays(number);
                                case "w" -> Duration.ofDays(7 * number);
                                case "M" -> Duration.ofDays(30 * number);
                                case "y" -> Duration.ofDays(365 * number);
                                default -> Duration.ofSeconds(number);
                            });
            from = part.end();
        }
        return from == text.length() && from > 0
                ? Optional.of(all.compareTo(LONGEST) > 0 ? LONGEST : all)
                : Optional.empty();
    }

    /** As Buoy writes it; empty where it is none, or 0. */
    static Optional<String> written(String text) {
        return time(text).filter(time -> !time.isZero()).map(Times::text);
    }

    /** Bytes of {@code 16k}; no more than any limit here may be. */
    static OptionalLong size(String text) {
        Matcher matcher = SIZE.matcher(text.toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            return OptionalLong.empty();
        }
        int shift =
                switch (matcher.group(2)) {
                    case "k" -> 10;
                    case "m" -> 20;
                    case "g" -> 30;
                    default -> 0;
                };
        BigInteger bytes = new BigInteger(matcher.group(1)).shiftLeft(shift);
        return OptionalLong.of(bytes.min(BigInteger.valueOf(LARGEST)).longValueExact());
    }

    /** The shortest way to write so many bytes. */
    static String bytes(long bytes) {
        String[] units = {"B", "KiB", "MiB", "GiB"};
        int unit = 0;
        long number = bytes;
        while (number != 0 && number % 1024 == 0 && unit < units.length - 1) {
            number /= 1024;
            unit++;
        }
        return number + units[unit];
    }
}
