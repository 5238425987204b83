package buoy.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** How values and names are put into messages, and how a misspelt name finds the one meant. */
public final class Text {
    private static final int SHOWN = 60;

    private Text() {}

    /** In double quotes, on one line, cut to a length that fits a message. */
    static String quoted(String text) {
        return '"' + shown(text) + '"';
    }

    /** On one line, cut to a length that fits a message, with nothing that a terminal acts on. */
    public static String shown(String text) {
        boolean cut = text.codePointCount(0, text.length()) > SHOWN;
        return cut
                ? escaped(text.substring(0, text.offsetByCodePoints(0, SHOWN))) + "..."
                : escaped(text);
    }

    /** With nothing in it that would break the line or that a terminal would act on. */
    private static String escaped(String text) {
        if (isPlain(text)) {
            // Nearly always; and the path of every value comes by here.
            return text;
        }
        StringBuilder out = new StringBuilder();
        text.codePoints()
                .forEach(
                        c -> {
                            if (Character.isISOControl(c)
                                    || Character.getType(c) == Character.FORMAT
                                    || c == 0x2028
                                    || c == 0x2029) {
                                out.append("\\u%04x".formatted(c));
                            } else {
                                out.appendCodePoint(c);
                            }
                        });
        return out.toString();
    }

    /** Whether it is printable ASCII throughout. */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < ' ' || text.charAt(i) > '~') {
                return false;
            }
        }
        return true;
    }

    /** What a library said, on one line and without the full stop. */
    static String oneLine(String message) {
        String line = message.strip().replaceAll("\\s+", " ");
        return escaped(line.endsWith(".") ? line.substring(0, line.length() - 1) : line);
    }

    /** {@code a, b or c}. */
    static String choice(Collection<String> words) {
        List<String> list = new ArrayList<>(words);
        if (list.size() < 2) {
            return String.join("", list);
        }
        return String.join(", ", list.subList(0, list.size() - 1)) + " or " + list.getLast();
    }

    /** {@code (did you mean "orders"?)}, or nothing when no name is near. */
    static String didYouMean(String wrong, Collection<String> names) {
        return nearest(wrong, names).map(n -> " (did you mean " + quoted(n) + "?)").orElse("");
    }

    /**
     * The name with the fewest typing mistakes in between: at most one in three characters. A name
     * that was cut short, or to which something was added, counts as one mistake.
     */
    static Optional<String> nearest(String wrong, Collection<String> names) {
        if (wrong.length() < 2 || wrong.length() > SHOWN) {
            return Optional.empty();
        }
        String best = null;
        int fewest = Math.max(1, wrong.length() / 3) + 1;
        for (String name : names) {
            if (name.length() > SHOWN) {
                continue;
            }
            int shorter = Math.min(name.length(), wrong.length());
            boolean cut = shorter > 3 && (name.startsWith(wrong) || wrong.startsWith(name));
            int distance = cut ? 1 : distance(wrong, name);
            if (distance < fewest) {
                best = name;
                fewest = distance;
            }
        }
        return Optional.ofNullable(best);
    }

    /** Edits between two words: a letter added, left out, changed, or two neighbours swapped. */
    static int distance(String from, String to) {
        int[][] d = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                boolean same = from.charAt(i - 1) == to.charAt(j - 1);
                d[i][j] =
                        Math.min(
                                d[i - 1][j - 1] + (same ? 0 : 1),
                                Math.min(d[i - 1][j], d[i][j - 1]) + 1);
                if (i > 1
                        && j > 1
                        && from.charAt(i - 1) == to.charAt(j - 2)
                        && from.charAt(i - 2) == to.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[from.length()][to.length()];
    }

    /** Whether {@code name} fits a pattern in which * stands for any text and ? for a character. */
    static boolean matchesGlob(String pattern, String name) {
        int p = 0;
        int n = 0;
        int star = -1; // the last * seen, and how much of the name it has taken so far
        int taken = 0;
        while (n < name.length()) {
            char c = p < pattern.length() ? pattern.charAt(p) : 0;
            if (c == '*') {
                star = p++;
                taken = n;
            } else if (c == '?' || c == name.charAt(n)) {
                p++;
                n++;
            } else if (star >= 0) {
                p = star + 1;
                n = ++taken;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && pattern.charAt(p) == '*') {
            p++;
        }
        return p == pattern.length();
    }
}
