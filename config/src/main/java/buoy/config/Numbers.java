package buoy.config;

/** Whole numbers, and {@code true} or {@code false}. */
final class Numbers {
    private static final int MAX_DIGITS = 9;

    /** {@code true} or {@code false}. */
    static final Format<Boolean> BOOL = Format.of(Shape.TRUTH, Numbers::bool);

    /** A share such as {@code 20%}, from 0 to 100. */
    static final Format<Integer> PERCENT = Format.of(new Shape.Percent(), Numbers::percent);

    private Numbers() {}

    /** Bounds included. */
    static Format<Integer> between(int min, int max) {
        return Format.of(new Shape.Whole(min, max), text -> within(text, min, max));
    }

    private static Parsed<Integer> within(String text, int min, int max) {
        return whole(text)
                .then(
                        n ->
                                n < min || n > max
                                        ? Parsed.wrong(
                                                "must be %d..%d, got %d".formatted(min, max, n))
                                        : Parsed.ok(n));
    }

    private static Parsed<Integer> whole(String text) {
        boolean negative = text.startsWith("-");
        String digits = negative ? text.substring(1) : text;
        if (digits.isEmpty()
                || digits.length() > MAX_DIGITS
                || !areDigits(digits)
                // 010 is ten to some and eight to others.
                || (digits.length() > 1 && digits.startsWith("0"))) {
            return Parsed.wrong("must be a whole number, got " + Text.quoted(text));
        }
        int number = Integer.parseInt(digits);
        return Parsed.ok(negative ? -number : number);
    }

    private static boolean areDigits(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!Ascii.isDigit(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static Parsed<Integer> percent(String text) {
        if (!text.endsWith("%")) {
            return Parsed.wrong("must be a share such as 20%, got " + Text.quoted(text));
        }
        return between(0, 100).parse(text.substring(0, text.length() - 1));
    }

    private static Parsed<Boolean> bool(String text) {
        return switch (text) {
            case "true" -> Parsed.ok(true);
            case "false" -> Parsed.ok(false);
            default -> Parsed.wrong("must be true or false, got " + Text.quoted(text));
        };
    }
}
