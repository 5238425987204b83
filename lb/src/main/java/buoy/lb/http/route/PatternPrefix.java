package buoy.lb.http.route;

/** The segments that every path begins with which fits a pattern: where it is looked for. */
final class PatternPrefix {
    private PatternPrefix() {}

    /** {@code /user} of {@code /user/[0-9]+}; {@code /} where nothing is sure. */
    static String of(String pattern) {
        int at = pattern.startsWith("^") ? 1 : 0;
        int end = at;
        while (end < pattern.length() && isLiteral(pattern.charAt(end))) {
            end++;
        }
        if (end < pattern.length() && "*+?{".indexOf(pattern.charAt(end)) >= 0) {
            end--;
        }
        // A choice outside of brackets is one of whole paths; to tell them apart is not worth it.
        boolean whole = end == pattern.length();
        int last = whole ? end : pattern.lastIndexOf('/', end - 1);
        if (last <= at || pattern.charAt(at) != '/' || hasChoice(pattern)) {
            return "/";
        }
        String prefix = pattern.substring(at, last);
        return prefix.contains("//") ? "/" : prefix;
    }

    /** What stands for itself, in patterns and in normal paths. */
    private static boolean isLiteral(char c) {
        return c == '/'
                || c == '-'
                || c == '_'
                || (c >= '0' && c <= '9')
                || (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z');
    }

    /** Whether a | may stand outside of all round brackets. */
    private static boolean hasChoice(String pattern) {
        int depth = 0;
        for (int i = 0; i < pattern.length(); i++) {
            switch (pattern.charAt(i)) {
                case '|' -> {
                    if (depth == 0) {
                        return true;
                    }
                }
                // Brackets that may be escaped, quoted or in a class are not counted.
                case '\\', '[' -> {
                    return pattern.indexOf('|') >= 0;
                }
                case '(' -> depth++;
                case ')' -> depth--;
                default -> {}
            }
        }
        return false;
    }
}
