package buoy.config;

import buoy.config.model.Template;
import buoy.config.model.Template.Literal;
import buoy.config.model.Template.Variable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Texts with {@code ${variables}}. */
final class Templates {
    private static final int LONGEST = 4000;
    private static final String UNENDED = "has ${ without }";
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
        return parts(text, VARIABLES, Literal::new).then(parts -> Parsed.ok(new Template(parts)));
    }

    /**
     * A text of visible ASCII in parts.
     *
     * @param variables by the names that may stand in <code>${}</code>
     * @param literal makes a part of what stands between them
     */
    static <P> Parsed<List<P>> parts(
            String text,
            Map<String, ? extends P> variables,
            Function<String, ? extends P> literal) {
        if (text.length() > LONGEST || !Pattern.matches("[ -~]*", text)) {
            return Parsed.wrong("must be at most %d visible ASCII characters".formatted(LONGEST));
        }
        List<P> parts = new ArrayList<>();
        Matcher matcher = REFERENCE.matcher(text);
        int from = 0;
        for (MatchResult found : matcher.results().toList()) {
            String before = text.substring(from, found.start());
            P variable = variables.get(found.group(1));
            if (variable == null) {
                Set<String> names = variables.keySet();
                String hint = Text.didYouMean(found.group(1), names);
                return Parsed.wrong(
                        "${%s} is not a variable%s"
                                .formatted(
                                        Text.shown(found.group(1)),
                                        hint.isEmpty()
                                                ? " (there is " + String.join(", ", names) + ")"
                                                : hint));
            }
            if (before.contains("${")) {
                return Parsed.wrong(UNENDED);
            }
            if (!before.isEmpty()) {
                parts.add(literal.apply(before));
            }
            parts.add(variable);
            from = found.end();
        }
        String rest = text.substring(from);
        if (rest.contains("${")) {
            return Parsed.wrong(UNENDED);
        }
        if (!rest.isEmpty()) {
            parts.add(literal.apply(rest));
        }
        return Parsed.ok(parts);
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
