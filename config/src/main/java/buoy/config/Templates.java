package buoy.config;

import buoy.config.model.Template;
import buoy.config.model.Template.Literal;
import buoy.config.model.Template.Part;
import buoy.config.model.Template.Variable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Texts with {@code ${variables}}. */
final class Templates {
    private static final int LONGEST = 4000;
    private static final Map<String, Variable> VARIABLES = new LinkedHashMap<>();

    static {
        for (Variable variable : Variable.values()) {
            VARIABLES.put(variable.name().toLowerCase(Locale.ROOT).replace('_', '-'), variable);
        }
    }

    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^{}]*)}");

    /**
     * Where a client may be sent: an authority that is written out or the client's own, so that no
     * request decides about it, or a path here.
     */
    private static final Pattern TARGET =
            Pattern.compile(
                    "((https?|\\$\\{scheme})://(\\$\\{host}|\\[[0-9a-fA-F:.]+]|[a-zA-Z0-9._-]+)"
                            + "(:([0-9]{1,5}|\\$\\{port}))?(?=$|[/?]|\\$\\{(path|uri)})"
                            + "|/(?![/\\\\$])).*");

    private Templates() {}

    /** A text of visible ASCII with variables in it. */
    static Parsed<Template> template(String text) {
        if (text.length() > LONGEST || !Pattern.matches("[ -~]*", text)) {
            return Parsed.wrong("must be at most %d visible ASCII characters".formatted(LONGEST));
        }
        List<Part> parts = new ArrayList<>();
        Matcher matcher = REFERENCE.matcher(text);
        int from = 0;
        for (MatchResult found : matcher.results().toList()) {
            literal(text.substring(from, found.start()), parts);
            Variable variable = VARIABLES.get(found.group(1));
            if (variable == null) {
                Set<String> names = VARIABLES.keySet();
                String hint = Text.didYouMean(found.group(1), names);
                return Parsed.wrong(
                        "${%s} is not a variable%s"
                                .formatted(
                                        Text.shown(found.group(1)),
                                        hint.isEmpty()
                                                ? " (there is " + String.join(", ", names) + ")"
                                                : hint));
            }
            parts.add(variable);
            from = found.end();
        }
        literal(text.substring(from), parts);
        return parts.stream()
                        .anyMatch(p -> p instanceof Literal(String rest) && rest.contains("${"))
                ? Parsed.wrong("has ${ without }")
                : Parsed.ok(new Template(parts));
    }

    private static void literal(String text, List<Part> parts) {
        if (!text.isEmpty()) {
            parts.add(new Literal(text));
        }
    }

    /** Of a redirect: a URL, or a path on the same host. */
    static Parsed<Template> location(String text) {
        return template(text)
                .then(
                        to ->
                                !text.contains(" ") && TARGET.matcher(text).matches()
                                        ? Parsed.ok(to)
                                        : Parsed.wrong(
                                                "must be a URL whose host is written out or"
                                                        + " ${host}, such as"
                                                        + " https://app.example.com/new${path}, or"
                                                        + " a path that starts with one /, got "
                                                        + Text.quoted(text)));
    }
}
