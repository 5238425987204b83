package buoy.daemon.imports.nginx;

import buoy.daemon.imports.draft.PathTest;
import buoy.daemon.imports.draft.Patterns;
import buoy.daemon.imports.draft.RouteMatch;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What {@code if} asks, as matches. */
final class Conditions {
    /**
     * @param anyOf one of these has to fit
     * @param negated none of them may
     */
    record Asked(List<RouteMatch> anyOf, boolean negated) {
        static final Asked ALWAYS = new Asked(List.of(RouteMatch.ANY), false);
        static final Asked NEVER = new Asked(List.of(), false);
    }

    private Conditions() {}

    /** Empty where no match asks for that. */
    static Optional<Asked> of(Directive line, boolean encrypted) {
        String text = String.join(" ", line.args()).strip();
        if (!text.startsWith("(") || !text.endsWith(")")) {
            return Optional.empty();
        }
        String[] words = text.substring(1, text.length() - 1).strip().split("\\s+", 3);
        if (words.length < 3 || !words[0].startsWith("$")) {
            return Optional.empty();
        }
        String variable = words[0].substring(1).toLowerCase(Locale.ROOT);
        boolean negated = words[1].startsWith("!");
        String operator = negated ? words[1].substring(1) : words[1];
        if (!Set.of("=", "~", "~*").contains(operator)) {
            return Optional.empty();
        }
        if (variable.equals("scheme") || variable.equals("https")) {
            boolean holds =
                    words[2].equals(
                            variable.equals("scheme")
                                    ? (encrypted ? "https" : "http")
                                    : (encrypted ? "on" : ""));
            return operator.equals("=")
                    ? Optional.of(holds != negated ? Asked.ALWAYS : Asked.NEVER)
                    : Optional.empty();
        }
        List<RouteMatch> matches =
                operator.equals("=")
                        ? equal(variable, words[2])
                        : fits(variable, words[2], operator.equals("~*"));
        return matches.isEmpty() ? Optional.empty() : Optional.of(new Asked(matches, negated));
    }

    private static List<RouteMatch> equal(String variable, String value) {
        if (value.isEmpty() || value.contains("$")) {
            return List.of();
        }
        return switch (variable) {
            case "host", "http_host" -> List.of(RouteMatch.ofHost(value.toLowerCase(Locale.ROOT)));
            case "request_method" -> List.of(RouteMatch.ofMethods(Set.of(value)));
            case "uri", "document_uri" ->
                    List.of(RouteMatch.ofPath(new PathTest.Exactly(Locations.normal(value))));
            default -> {
                if (variable.startsWith("http_")) {
                    yield List.of(
                            RouteMatch.ofHeader(
                                    variable.substring("http_".length()).replace('_', '-'), value));
                }
                yield variable.startsWith("arg_")
                        ? List.of(RouteMatch.ofQuery(variable.substring("arg_".length()), value))
                        : List.of();
            }
        };
    }

    private static List<RouteMatch> fits(String variable, String pattern, boolean anyCase) {
        return switch (variable) {
            case "host", "http_host" ->
                    Patterns.names(pattern).stream()
                            .map(name -> RouteMatch.ofHost(name.toLowerCase(Locale.ROOT)))
                            .toList();
            case "uri", "document_uri" ->
                    Locations.pattern(pattern, anyCase).stream()
                            .map(fits -> RouteMatch.ofPath(new PathTest.Fits(fits)))
                            .toList();
            case "request_method" -> methods(pattern);
            default -> List.of();
        };
    }

    /** {@code ^(GET|HEAD)$}. */
    private static List<RouteMatch> methods(String pattern) {
        String bare = pattern.replaceFirst("^\\^\\((?:\\?:)?", "").replaceFirst("\\)\\$$", "");
        return Pattern.matches("[A-Z]+(\\|[A-Z]+)*", bare)
                        && pattern.startsWith("^(")
                        && pattern.endsWith(")$")
                ? List.of(RouteMatch.ofMethods(new LinkedHashSet<>(List.of(bare.split("\\|", -1)))))
                : List.of();
    }
}
