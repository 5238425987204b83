package buoy.daemon.imports.nginx;

import buoy.config.Text;
import buoy.daemon.imports.draft.PathTest;
import buoy.daemon.imports.draft.Patterns;
import buoy.daemon.imports.draft.Remarks;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The locations of a block in an order in which the first that fits is the one that NGINX takes:
 * the whole path, else the longest prefix, unless the first pattern that fits comes before it.
 */
final class Locations {
    /** What becomes of paths that pass a test. */
    sealed interface Choice {
        PathTest test();

        Location location();

        record Taken(PathTest test, Location location) implements Choice {}

        /** They get a slash at their end. */
        record Slash(PathTest test, Location location) implements Choice {}
    }

    private static final Pattern NOT_FOLLOWED_BY =
            Pattern.compile("(.*)\\(\\?!([A-Za-z0-9_-]{1,40})\\)(\\.\\*)?\\$?");

    private final Remarks remarks;
    private final List<Location> all;
    private final List<Location> patterns;
    private final Set<Location> taken = new HashSet<>();
    private final List<Choice> choices = new ArrayList<>();

    private Locations(List<Location> all, Remarks remarks) {
        this.all = all;
        this.remarks = remarks;
        patterns = all.stream().filter(Location::isPattern).toList();
    }

    static List<Choice> ordered(List<Location> all, Remarks remarks) {
        Locations locations = new Locations(all, remarks);
        locations.order();
        return locations.choices;
    }

    private void order() {
        all.stream().filter(each -> each.kind() == Location.Kind.EXACT).forEach(this::take);
        slashes();
        List<Location> prefixes =
                all.stream()
                        .filter(Location::isPrefix)
                        .sorted(
                                Comparator.comparingInt((Location l) -> l.text().length())
                                        .reversed())
                        .toList();
        for (Location alone : prefixes) {
            if (alone.kind() == Location.Kind.PREFIX_ALONE) {
                // A longer prefix below it is still looked for, and patterns before that.
                prefixes.stream()
                        .filter(each -> each.kind() == Location.Kind.PREFIX)
                        .filter(each -> each.text().startsWith(alone.text()))
                        .filter(each -> !taken.contains(each))
                        .forEach(this::afterPatterns);
                take(alone);
            }
        }
        patterns.forEach(this::take);
        prefixes.forEach(this::take);
    }

    private void slashes() {
        Set<String> whole = new HashSet<>();
        all.stream()
                .filter(each -> each.isPrefix() || each.kind() == Location.Kind.EXACT)
                .forEach(each -> whole.add(each.text()));
        for (Location each : all) {
            each.withoutSlash()
                    .filter(path -> !whole.contains(path))
                    .ifPresent(
                            path ->
                                    choices.add(
                                            new Choice.Slash(
                                                    new PathTest.Exactly(normal(path)), each)));
        }
    }

    private void take(Location location) {
        if (taken.add(location)) {
            test(location).ifPresent(test -> choices.add(new Choice.Taken(test, location)));
        }
    }

    private void afterPatterns(Location prefix) {
        Optional<PathTest> within = test(prefix);
        for (Location pattern : patterns) {
            Optional<PathTest> fits = test(pattern);
            if (within.isEmpty() || fits.isEmpty()) {
                continue;
            }
            switch (fits.get().and(within.get())) {
                case PathTest.Both.Is(var both) -> choices.add(new Choice.Taken(both, pattern));
                case PathTest.Both.Never() -> {
                    // No path is of both.
                }
                case PathTest.Both.Unknown() ->
                        remarks.left(
                                pattern.scope().at(),
                                "a path below %s that fits this pattern is not of it here"
                                        .formatted(Text.shown(prefix.text())),
                                "write a route for it before the one of that prefix");
            }
        }
        take(prefix);
    }

    private Optional<PathTest> test(Location location) {
        String text = location.text();
        return switch (location.kind()) {
            case EXACT -> path(location).map(PathTest.Exactly::new);
            case PREFIX, PREFIX_ALONE ->
                    path(location)
                            .map(
                                    path ->
                                            location.withoutSlash().isPresent()
                                                    ? new PathTest.Below(
                                                            path.substring(0, path.length() - 1))
                                                    : new PathTest.Begins(path));
            case PATTERN, PATTERN_ANY_CASE -> {
                Optional<String> pattern =
                        pattern(text, location.kind() == Location.Kind.PATTERN_ANY_CASE);
                if (pattern.isEmpty()) {
                    remarks.left(
                            location.scope().at(),
                            "%s is no pattern that paths are compared with here, so this location is left out"
                                    .formatted(Text.shown(text)),
                            "write path-regex without look-around and back-references (RE2)");
                }
                yield pattern.map(PathTest.Fits::new);
            }
            case NAMED -> Optional.empty();
        };
    }

    private Optional<String> path(Location location) {
        String path = normal(location.text());
        if (path.startsWith("/")) {
            return Optional.of(path);
        }
        remarks.left(
                location.scope().at(),
                "no path begins with %s".formatted(Text.shown(location.text())),
                "write a path that starts with /");
        return Optional.empty();
    }

    /** A pattern for the whole of a path; what must not follow at its end is written out. */
    static Optional<String> pattern(String text, boolean anyCase) {
        // What a name catches is for variables alone.
        String plain = text.replaceAll("\\(\\?P?<[A-Za-z0-9_]+>", "(");
        Matcher not = NOT_FOLLOWED_BY.matcher(plain);
        if (!not.matches()) {
            return Patterns.ofPath(plain, anyCase);
        }
        return Patterns.ofPath(not.group(1) + "$", anyCase)
                .map(before -> before + otherThan(not.group(2), 0));
    }

    /** Whatever does not begin with the word. */
    private static String otherThan(String word, int from) {
        char c = word.charAt(from);
        String rest = from + 1 < word.length() ? "|" + c + otherThan(word, from + 1) : "";
        return "([^" + (c == '-' ? "\\-" : c) + "].*" + rest + ")?";
    }

    /** As paths are compared: octets that stand in none as they are have escapes. */
    static String normal(String path) {
        StringBuilder out = new StringBuilder();
        for (byte octet : path.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (octet & 0xff);
            boolean plain = c > ' ' && c < 0x7f && "\"<>\\^`{|}%?#[]".indexOf(c) < 0;
            out.append(plain ? String.valueOf(c) : "%%%02X".formatted((int) c));
        }
        return out.toString();
    }
}
