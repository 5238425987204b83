package buoy.daemon.track;

import java.util.regex.Pattern;

/**
 * The number in a file.
 *
 * @param value 0 where there is none
 * @param seen what stands there, in words
 * @param odd whether there is no number though there should be
 */
record NumberText(int value, String seen, boolean odd) {
    /** More is not read. */
    static final int LONGEST = 64;

    private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]{1,6}");

    static NumberText of(String text) {
        String stripped = text.strip();
        if (stripped.isEmpty()) {
            return absent("it is empty");
        }
        return NUMBER.matcher(stripped).matches()
                ? new NumberText(Integer.parseInt(stripped), "it says " + stripped, false)
                : absent("it is not one whole number of at most 6 digits");
    }

    static NumberText absent(String why) {
        return new NumberText(0, why + ", which counts as 0", true);
    }
}
