package buoy.config;

import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as operators write them: a whole number and one unit, {@code 512B 16KiB 1MiB 2GiB}. */
final class Sizes {
    private static final int MAX_DIGITS = 10;

    private static final String NONE = "none";

    private Sizes() {}

    /** Bytes. */
    static Parsed<Long> parse(String text) {
        Matcher matcher = Pattern.compile("([0-9]+)([a-zA-Z]*)").matcher(text);
        if (!matcher.matches() || matcher.group(1).length() > MAX_DIGITS) {
            return Parsed.wrong("must be a size such as 16KiB or 1MiB, got " + Text.quoted(text));
        }
        long number = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "B" -> Parsed.ok(number);
            case "KiB" -> Parsed.ok(number << 10);
            case "MiB" -> Parsed.ok(number << 20);
            case "GiB" -> Parsed.ok(number << 30);
            case "" ->
                    Parsed.wrong(
                            "a size needs a unit, got %s (write %sB, %sKiB or %sMiB)"
                                    .formatted(Text.quoted(text), number, number, number));
            default ->
                    Parsed.wrong(
                            "%s is not a unit of size (use B, KiB, MiB or GiB)"
                                    .formatted(Text.quoted(matcher.group(2))));
        };
    }

    /** Bytes, bounds included. */
    static Format<Long> between(long min, long max) {
        return Format.of(new Shape.Size(min, max), text -> within(text, min, max));
    }

    private static Parsed<Long> within(String text, long min, long max) {
        return parse(text)
                .then(
                        n ->
                                n < min || n > max
                                        ? Parsed.wrong(
                                                "must be %s..%s, got %s"
                                                        .formatted(
                                                                text(min),
                                                                text(max),
                                                                Text.shown(text)))
                                        : Parsed.ok(n));
    }

    /** Bytes, bounds included, or {@code none}. */
    static Format<OptionalLong> noneOr(long min, long max) {
        Format<Long> size = between(min, max);
        return Format.of(
                Shape.words(List.of(NONE), size.shape()),
                text ->
                        text.equals(NONE)
                                ? Parsed.ok(OptionalLong.empty())
                                : size.parse(text).then(n -> Parsed.ok(OptionalLong.of(n))));
    }

    /** The shortest way to write so many bytes. */
    static String text(long bytes) {
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
