package buoy.lb.health;

import java.util.regex.Pattern;

/** What a server's own words may be in, and is shown on terminals and in logs: one line, cut. */
final class Plain {
    /**
     * What a terminal may take for a command, or what hides or turns around what stands beside it:
     * controls, formats, halves of pairs, what means nothing to all, separators of lines.
     */
    private static final Pattern UNSHOWN = Pattern.compile("[\\p{C}\\p{Zl}\\p{Zp}]");

    /** In code points. */
    private static final int LONGEST = 300;

    private Plain() {}

    static String of(String text) {
        boolean cut = text.codePointCount(0, text.length()) > LONGEST;
        String kept = cut ? text.substring(0, text.offsetByCodePoints(0, LONGEST)) : text;
        String shown = UNSHOWN.matcher(kept.replace('\t', ' ')).replaceAll("?");
        return cut ? shown + "..." : shown;
    }
}
