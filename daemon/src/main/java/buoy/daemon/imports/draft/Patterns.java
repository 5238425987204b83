package buoy.daemon.imports.draft;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Patterns of PCRE, which fit a part of a text, as those of RE2 that fit the whole of a path. */
public final class Patterns {
    private static final int LONGEST = 900;

    /** What RE2 has not: look-around, back-references, atomic groups, possessive quantifiers. */
    private static final Pattern FOREIGN =
            Pattern.compile("\\(\\?(?![:i)])|\\\\[1-9kgKGRXZzAbBC]|[*+?}]\\+|\\\\$");

    private Patterns() {}

    /**
     * The pattern that the whole of a path has to fit; empty where RE2 has no such pattern.
     *
     * @param anyCase whether capital and small letters are the same
     */
    public static Optional<String> ofPath(String pattern, boolean anyCase) {
        if (pattern.length() > LONGEST
                || !Pattern.matches("[!-~]*", pattern)
                || FOREIGN.matcher(pattern).find()
                || !compiles(pattern)) {
            return Optional.empty();
        }
        String core = pattern;
        boolean start = core.startsWith("^");
        boolean end = core.endsWith("$") && !core.endsWith("\\$");
        if (hasTopLevelBar(core)) {
            // An anchor belongs to one of the alternatives alone: each is made whole for itself.
            List<String> all = new ArrayList<>();
            for (String alternative : alternatives(core)) {
                all.add(whole(alternative));
            }
            core = String.join("|", all);
            return Optional.of((anyCase ? "(?i)" : "") + "(" + core + ")");
        }
        core = core.substring(start ? 1 : 0, core.length() - (end ? 1 : 0));
        return Optional.of(
                (anyCase ? "(?i)" : "") + beginning(start, core) + core + ending(end, core));
    }

    private static String whole(String alternative) {
        boolean start = alternative.startsWith("^");
        boolean end = alternative.endsWith("$") && !alternative.endsWith("\\$");
        String core = alternative.substring(start ? 1 : 0, alternative.length() - (end ? 1 : 0));
        return beginning(start, core) + core + ending(end, core);
    }

    /** What may stand before; a pattern that is to fit a path has to begin with a slash. */
    private static String beginning(boolean anchored, String core) {
        if (anchored || core.startsWith(".*")) {
            return "";
        }
        return core.startsWith("/") ? "(/.*)?" : "/.*";
    }

    private static String ending(boolean anchored, String core) {
        return anchored || core.endsWith(".*") ? "" : ".*";
    }

    /** Java's patterns are close enough to tell what is no pattern at all. */
    private static boolean compiles(String pattern) {
        try {
            Pattern.compile(pattern);
            return true;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static boolean hasTopLevelBar(String pattern) {
        return alternatives(pattern).size() > 1;
    }

    private static List<String> alternatives(String pattern) {
        List<String> all = new ArrayList<>();
        int depth = 0;
        boolean inClass = false;
        int from = 0;
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == '\\') {
                i++;
            } else if (inClass) {
                inClass = c != ']';
            } else if (c == '[') {
                inClass = true;
            } else if (c == '(') {
                depth++;
            } else if (c == ')') {
                depth--;
            } else if (c == '|' && depth == 0) {
                all.add(pattern.substring(from, i));
                from = i + 1;
            }
        }
        all.add(pattern.substring(from));
        return all;
    }

    /**
     * The names of hosts that a pattern fits, where they can be told: {@code
     * ^(www\.)?example\.com$}, {@code \.example\.com$}. Empty where they cannot.
     */
    public static List<String> names(String pattern) {
        String label = "(?:[A-Za-z0-9_-]|\\\\-)+";
        String name = label + "(?:\\\\\\." + label + ")*";
        Matcher one = Pattern.compile("\\^(" + name + ")(?:\\(:[^()]*\\)\\?)?\\$").matcher(pattern);
        if (one.matches()) {
            return List.of(unescaped(one.group(1)));
        }
        Matcher optional =
                Pattern.compile(
                                "\\^\\((?:\\?:)?("
                                        + name
                                        + "\\\\\\.)\\)\\?("
                                        + name
                                        + ")(?:\\(:[^()]*\\)\\?)?\\$")
                        .matcher(pattern);
        if (optional.matches()) {
            String base = unescaped(optional.group(2));
            return List.of(base, unescaped(optional.group(1)) + base);
        }
        Matcher choice =
                Pattern.compile(
                                "\\^\\((?:\\?:)?("
                                        + name
                                        + "(?:\\|"
                                        + name
                                        + ")*)\\)((?:\\\\\\."
                                        + label
                                        + ")*)\\$")
                        .matcher(pattern);
        if (choice.matches()) {
            List<String> names = new ArrayList<>();
            for (String each : choice.group(1).split("\\|", -1)) {
                names.add(unescaped(each + choice.group(2)));
            }
            return names;
        }
        Matcher below =
                Pattern.compile(
                                "(?:\\^(?:\\.[*+]|\\[\\^\\.]\\+|\\(\\.[*+]\\)))?\\\\\\.("
                                        + name
                                        + ")\\$")
                        .matcher(pattern);
        return below.matches() ? List.of("*." + unescaped(below.group(1))) : List.of();
    }

    private static String unescaped(String text) {
        return text.replace("\\.", ".").replace("\\-", "-");
    }

    /**
     * {@code /api}, where a substitution takes that off the beginning of a path and nothing else.
     */
    public static Optional<String> stripped(String pattern, String replacement) {
        // ^/api/(.*) -> /\1    ^/api(/.*) -> \1    ^/api/? -> /    /api(/)?(.*) -> /\2    ^/api/ ->
        // /
        String prefix = "(/[A-Za-z0-9_.~/-]*[A-Za-z0-9_~-])";
        String to = replacement.replace('$', '\\');
        String[][] forms = {
            {"\\^?" + prefix + "/\\(\\.\\*\\)\\$?", "/\\1"},
            {"\\^?" + prefix + "/\\?\\(\\.\\*\\)\\$?", "/\\1"},
            {"\\^?" + prefix + "\\(/\\.\\*\\)\\$?", "\\1"},
            {"\\^?" + prefix + "\\(/\\.\\*\\)\\?\\$?", "\\1"},
            {"\\^?" + prefix + "\\(/\\)\\?\\(\\.\\*\\)\\$?", "/\\2"},
            {"\\^?" + prefix + "\\(/\\|\\$\\)\\(\\.\\*\\)\\$?", "/\\2"},
            {"\\^" + prefix + "/\\??", "/"},
        };
        for (String[] form : forms) {
            Matcher matcher = Pattern.compile(form[0]).matcher(pattern);
            if (matcher.matches() && form[1].equals(to)) {
                String found = matcher.group(1).replace("\\.", ".");
                return found.contains("//") || !new PathTest.Below(found).takesAll()
                        ? Optional.of(found)
                        : Optional.empty();
            }
        }
        return Optional.empty();
    }
}
