package buoy.daemon.status;

import java.util.regex.Pattern;

/** How text stands out on a terminal (ECMA-48 8.3.117, SGR); or that it does not. */
public enum Paint {
    /** For files, pipes and machines. */
    PLAIN,
    COLOURED;

    private static final Pattern MARKS = Pattern.compile("\u001b\\[[0-9]*m");
    private static final String END = "\u001b[0m";

    public String good(String text) {
        return marked("32", text);
    }

    public String doubtful(String text) {
        return marked("33", text);
    }

    public String bad(String text) {
        return marked("31", text);
    }

    private String marked(String how, String text) {
        return this == PLAIN || text.isEmpty() ? text : "\u001b[" + how + "m" + text + END;
    }

    /** As many columns as it takes. */
    static int width(String text) {
        return text.indexOf('\u001b') < 0
                ? text.length()
                : MARKS.matcher(text).replaceAll("").length();
    }
}
