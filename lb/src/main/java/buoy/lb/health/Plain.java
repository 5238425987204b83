package buoy.lb.health;

import java.util.regex.Pattern;

/** What a server's own words may be in, and is shown on terminals. */
final class Plain {
    /** Of C0 and C1: what a terminal may take for a command. */
    private static final Pattern CONTROL = Pattern.compile("\\p{Cc}");

    private static final int LONGEST = 300;

    private Plain() {}

    static String of(String text) {
        String plain = CONTROL.matcher(text).replaceAll("?");
        return plain.length() > LONGEST ? plain.substring(0, LONGEST) + "..." : plain;
    }
}
