package buoy.config;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as operators write them: a whole number and one unit, {@code 10ms 5s 1m 2h 1d}. */
final class Durations {
    /** Longer than anything meant, short enough for nanoseconds in a {@code long}. */
    static final Duration MAX = Duration.ofDays(365);

    private static final int MAX_DIGITS = 12;

    /** Any duration from nothing to a year. */
    static final Format<Duration> ANY =
            Format.of(new Shape.Time(Duration.ZERO, MAX), Durations::parse);

    /** A time that has to pass: anything but nothing. */
    static final Format<Duration> POSITIVE = between(Duration.ofMillis(1), MAX);

    private Durations() {}

    private static Parsed<Duration> parse(String text) {
        Matcher matcher = Pattern.compile("([0-9]+)([a-zA-Z]*)").matcher(text);
        if (!matcher.matches() || matcher.group(1).length() > MAX_DIGITS) {
            return Parsed.wrong(
                    "must be a duration such as 100ms, 5s, 1m, 2h or 1d, got " + Text.quoted(text));
        }
        long number = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> bounded(Duration.ofMillis(number), text);
            case "s" -> bounded(Duration.ofSeconds(number), text);
            case "m" -> bounded(Duration.ofMinutes(number), text);
            case "h" -> bounded(Duration.ofHours(number), text);
            case "d" -> bounded(Duration.ofDays(number), text);
            case "" ->
                    Parsed.wrong(
                            "a duration needs a unit, got %s (write %sms, %ss or %sm)"
                                    .formatted(Text.quoted(text), number, number, number));
            default ->
                    Parsed.wrong(
                            "%s is not a unit of time (use ms, s, m, h or d)"
                                    .formatted(Text.quoted(matcher.group(2))));
        };
    }

    private static Parsed<Duration> bounded(Duration duration, String text) {
        return duration.compareTo(MAX) > 0
                ? Parsed.wrong("must be at most 365d, got " + Text.shown(text))
                : Parsed.ok(duration);
    }

    /** Bounds included. */
    static Format<Duration> between(Duration min, Duration max) {
        return Format.of(new Shape.Time(min, max), text -> within(text, min, max));
    }

    private static Parsed<Duration> within(String text, Duration min, Duration max) {
        return parse(text)
                .then(
                        d ->
                                d.compareTo(min) < 0 || d.compareTo(max) > 0
                                        ? Parsed.wrong(
                                                "must be %s..%s, got %s"
                                                        .formatted(
                                                                text(min),
                                                                text(max),
                                                                Text.shown(text)))
                                        : Parsed.ok(d));
    }

    /** The shortest way to write a duration of whole milliseconds. */
    static String text(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 1000 != 0) {
            return millis + "ms";
        }
        long seconds = millis / 1000;
        if (seconds == 0 || seconds % 60 != 0) {
            return seconds + "s";
        }
        if (seconds % 3600 != 0) {
            return seconds / 60 + "m";
        }
        return seconds % 86_400 == 0 ? seconds / 86_400 + "d" : seconds / 3600 + "h";
    }
}
