package buoy.daemon.imports.draft;

import java.util.Optional;

/** What a path has to be, as one of the keys of a match. */
public sealed interface PathTest {
    /** By segment: the path itself and what is below it. */
    record Below(String prefix) implements PathTest {}

    /** The whole path. */
    record Exactly(String path) implements PathTest {}

    /** By characters, in the midst of a segment too. */
    record Begins(String start) implements PathTest {}

    /** By characters at its end. */
    record Ends(String end) implements PathTest {
        private Both with(PathTest other) {
            return switch (other) {
                case Below(var prefix) ->
                        prefix.endsWith(end)
                                ? new Both.Unknown()
                                : new Both.Is(
                                        new Fits(literal(prefix + "/") + ".*" + literal(end)));
                case Exactly(var path) ->
                        path.endsWith(end) ? new Both.Is(other) : new Both.Never();
                case Begins(var start) ->
                        new Both.Is(new Fits(literal(start) + ".*" + literal(end)));
                case Ends(var theirs) ->
                        theirs.endsWith(end)
                                ? new Both.Is(other)
                                : end.endsWith(theirs) ? new Both.Is(this) : new Both.Never();
                case Fits _ -> new Both.Unknown();
            };
        }
    }

    /** A pattern of RE2 that the whole path fits. */
    record Fits(String pattern) implements PathTest {
        /** By how the pattern begins, where that tells. */
        private Both with(PathTest other) {
            String start = beginning(pattern);
            String wanted =
                    switch (other) {
                        case Below(var prefix) -> prefix + "/";
                        case Exactly(var path) -> path;
                        case Begins(var begin) -> begin;
                        case Ends _, Fits _ -> "";
                    };
            boolean whole = other instanceof Below || other instanceof Begins;
            if (whole && !wanted.isEmpty() && start.startsWith(wanted)) {
                return new Both.Is(this);
            }
            // The prefix itself has no slash behind it.
            String least = other instanceof Below(var prefix) ? prefix : wanted;
            return start.startsWith(least) || least.startsWith(start)
                    ? new Both.Unknown()
                    : new Both.Never();
        }

        /** The letters that everything it fits begins with, as far as they are plain. */
        private static String beginning(String pattern) {
            StringBuilder start = new StringBuilder();
            if (pattern.contains("|") || pattern.startsWith("(?")) {
                return "";
            }
            for (int i = 0; i < pattern.length(); i++) {
                char c = pattern.charAt(i);
                int next = i + 1;
                if (c == '\\'
                        && next < pattern.length()
                        && "\\.+*?()[]{}^$-".indexOf(pattern.charAt(next)) >= 0) {
                    c = pattern.charAt(next++);
                } else if ("\\.+*?()|[]{}^$".indexOf(c) >= 0) {
                    break;
                }
                if (next < pattern.length() && "*?{".indexOf(pattern.charAt(next)) >= 0) {
                    break;
                }
                start.append(c);
                i = next - 1;
            }
            return start.toString();
        }
    }

    /** What a path has to be that passes two tests. */
    sealed interface Both {
        record Is(PathTest test) implements Both {}

        /** No path passes both. */
        record Never() implements Both {}

        /** One test cannot say it. */
        record Unknown() implements Both {}
    }

    /** The test of paths that pass this one and the other. */
    default Both and(PathTest other) {
        if (equals(other)) {
            return new Both.Is(this);
        }
        if (takesAll() || other.takesAll()) {
            return new Both.Is(takesAll() ? other : this);
        }
        if (this instanceof Fits fits) {
            return fits.with(other);
        }
        if (other instanceof Fits fits) {
            return fits.with(this);
        }
        if (this instanceof Ends ends) {
            return ends.with(other);
        }
        if (other instanceof Ends ends) {
            return ends.with(this);
        }
        return narrower(this, other).or(() -> narrower(other, this)).orElse(new Both.Never());
    }

    /** Whether every path passes. */
    default boolean takesAll() {
        return switch (this) {
            case Below(var prefix) -> prefix.equals("/");
            case Begins(var start) -> start.isEmpty() || start.equals("/");
            case Exactly _, Ends _ -> false;
            case Fits(var pattern) -> pattern.equals(".*") || pattern.equals("/.*");
        };
    }

    /** {@code narrow}, where all that pass it pass {@code wide} too. */
    private static Optional<Both> narrower(PathTest wide, PathTest narrow) {
        boolean within =
                switch (wide) {
                    case Below(var prefix) ->
                            switch (narrow) {
                                case Below(var p) -> isBelow(p, prefix);
                                case Exactly(var p) -> isBelow(p, prefix);
                                case Begins(var s) ->
                                        prefix.equals("/") || s.startsWith(prefix + "/");
                                case Ends _, Fits _ -> false;
                            };
                    case Begins(var start) ->
                            switch (narrow) {
                                case Below(var p) -> p.startsWith(start);
                                case Exactly(var p) -> p.startsWith(start);
                                case Begins(var s) -> s.startsWith(start);
                                case Ends _, Fits _ -> false;
                            };
                    case Exactly _, Ends _, Fits _ -> false;
                };
        return within ? Optional.of(new Both.Is(narrow)) : Optional.empty();
    }

    private static boolean isBelow(String path, String prefix) {
        return prefix.equals("/") || path.equals(prefix) || path.startsWith(prefix + "/");
    }

    /** Adds the key that says so to a match; nothing where every path passes. */
    default void writeTo(Node.Mapping match, Mark at) {
        if (takesAll()) {
            return;
        }
        switch (this) {
            case Below(var prefix) -> match.text("path", at, prefix);
            case Exactly(var path) -> match.text("path-exact", at, path);
            case Begins(var start) -> match.text("path-regex", at, literal(start) + ".*");
            case Ends(var end) ->
                    match.text(
                            "path-regex",
                            at,
                            (end.startsWith("/") ? "(/.*)?" : "/.*") + literal(end));
            case Fits(var pattern) -> match.text("path-regex", at, pattern);
        }
    }

    /** A text as a pattern that fits it alone. */
    static String literal(String text) {
        return text.replaceAll("[\\\\.+*?()|\\[\\]{}^$]", "\\\\$0");
    }
}
