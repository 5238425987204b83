package buoy.config;

import buoy.config.model.Listener.Conditions;
import buoy.config.model.Listener.Match;
import buoy.config.model.Listener.PathMatch;
import buoy.config.model.Network;
import com.google.re2j.PatternSyntaxException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** {@code routes[].match} of an {@code http} listener. */
final class MatchReader {
    // Compiled once: a listener may have ten thousand routes.
    private static final String LABEL = "[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?";
    private static final Pattern HOST =
            Pattern.compile("(\\*\\.)?" + LABEL + "(\\." + LABEL + ")*");
    private static final Pattern BRACKETS = Pattern.compile("^\\[(.*)]$");
    private static final Pattern PATH =
            Pattern.compile("/([^\\p{Cntrl}?#%\\\\]|%[0-9a-fA-F]{2}){0,2000}+");
    private static final Pattern NOT_NORMAL = Pattern.compile("//|/\\.\\.?(/|$)");

    private static final List<String> PATHS = List.of("path", "path-exact", "path-regex");

    private static final String ABOUT_THE_CONNECTION =
            "it is about the connection, not the request";

    /** Fields that are never looked at as a route's: how to ask instead, or why not. */
    private static final Map<String, String> NOT_MATCHED =
            Map.ofEntries(
                    Map.entry("host", "use host beside headers"),
                    Map.entry("connection", ABOUT_THE_CONNECTION),
                    Map.entry("keep-alive", ABOUT_THE_CONNECTION),
                    Map.entry("proxy-connection", ABOUT_THE_CONNECTION),
                    Map.entry("te", ABOUT_THE_CONNECTION),
                    Map.entry("transfer-encoding", ABOUT_THE_CONNECTION),
                    Map.entry("upgrade", ABOUT_THE_CONNECTION),
                    Map.entry("http2-settings", ABOUT_THE_CONNECTION));

    /** Longer patterns are lists, which are better written as routes. */
    private static final int LONGEST_PATTERN = 1000;

    /** Instructions of a compiled pattern: each may be looked at for every octet of a path. */
    private static final int LARGEST_PATTERN = 2000;

    private MatchReader() {}

    static Optional<Match> read(Section s) {
        var _ = s.atMostOne(PATHS);
        Optional<PathMatch> prefix =
                s.optional("path", MatchReader::prefix).map(PathMatch.Prefix::new);
        Optional<PathMatch> exact =
                s.optional("path-exact", MatchReader::path).map(PathMatch.Exact::new);
        Optional<PathMatch> regex =
                s.optional("path-regex", MatchReader::pattern).map(PathMatch.Regex::new);
        return Optional.of(
                new Match(
                        s.optional("host", MatchReader::host),
                        prefix.or(() -> exact).or(() -> regex),
                        new Conditions(
                                methods(s),
                                pairs(s, "headers", MatchReader::field, MatchReader::fieldValue),
                                pairs(s, "query", Parsed::ok, Parsed::ok),
                                client(s))));
    }

    private static Set<String> methods(Section s) {
        notEmpty(s, "methods");
        Set<String> methods = new LinkedHashSet<>();
        s.list("methods", MatchReader::method).forEach(item -> methods.add(item.value()));
        return methods;
    }

    static List<Network> client(Section s) {
        notEmpty(s, "client");
        return s.list("client", Addresses::network).stream().map(Section.Item::value).toList();
    }

    private static void notEmpty(Section s, String key) {
        if (s.isEmptyList(key)) {
            s.reject(key, "must have at least one item");
        }
    }

    /** {@code KEY: {NAME: VALUE}}; names of fields in lower case. */
    private static Map<String, String> pairs(
            Section s, String key, Format<String> names, Format<String> values) {
        Map<String, String> pairs = new LinkedHashMap<>();
        s.each(key, names, (name, parent) -> value(name, parent, values))
                .forEach(
                        (name, value) -> {
                            String kept = key.equals("headers") ? lower(name) : name;
                            if (pairs.put(kept, value) != null) {
                                s.reject(key, "names %s twice".formatted(Text.quoted(kept)));
                            }
                        });
        return pairs;
    }

    /** What a field or parameter of that name says. */
    static <T> Optional<T> value(String name, Section parent, Format<T> format) {
        return Hidden.isCredential(name)
                ? parent.secret(name, format)
                : parent.optional(name, format);
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    private static Parsed<String> method(String text) {
        return List.of("CONNECT", "TRACE").contains(text)
                ? Parsed.wrong("%s is refused before any route is tried".formatted(text))
                : PoolReader.method(text);
    }

    /** The name of a field that a route may ask for. */
    static Parsed<String> field(String text) {
        return token(text)
                .then(
                        name -> {
                            String why = NOT_MATCHED.get(lower(name));
                            return why == null
                                    ? Parsed.ok(name)
                                    : Parsed.wrong("cannot be asked for (%s)".formatted(why));
                        });
    }

    /** The name of a field that is sent on (RFC 9110 5.1). */
    static Parsed<String> token(String text) {
        if (!Pattern.matches("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}", text)) {
            return Parsed.wrong("must be the name of a header field, got " + Text.quoted(text));
        }
        return text.contains("_")
                ? Parsed.wrong(
                        "has an underscore: such fields are dropped, because servers take them for"
                                + " others")
                : Parsed.ok(text);
    }

    /** The value of a field (RFC 9110 5.5). */
    static Parsed<String> fieldValue(String text) {
        return text.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7f)
                        || !text.equals(text.strip())
                ? Parsed.wrong(
                        "must be the value of a header field, without control characters and"
                                + " spaces around it, got "
                                + Text.quoted(text))
                : Parsed.ok(text);
    }

    /** In RE2's syntax; it has to fit the whole path. */
    static Parsed<com.google.re2j.Pattern> pattern(String text) {
        if (text.length() > LONGEST_PATTERN || !Pattern.matches("[!-~]*", text)) {
            return Parsed.wrong(
                    "must be a pattern of at most %d visible ASCII characters (a path is compared"
                                    .formatted(LONGEST_PATTERN)
                            + " with %C3%A9 and the like in it)");
        }
        return compiled(text)
                .then(
                        pattern ->
                                Pattern.matches("\\^?(\\w|\\\\[.?-])[^|]*", text)
                                        ? Parsed.wrong(
                                                "fits no path: it has to fit the whole path, which"
                                                        + " starts with / (write %s)"
                                                                .formatted(
                                                                        Text.shown("/.*" + text)))
                                        : Parsed.ok(pattern));
    }

    /** In RE2's syntax, of any text. */
    static Parsed<com.google.re2j.Pattern> anyPattern(String text) {
        return text.length() > LONGEST_PATTERN || !Pattern.matches("[ -~]+", text)
                ? Parsed.wrong(
                        "must be a pattern of at most %d ASCII characters"
                                .formatted(LONGEST_PATTERN))
                : compiled(text);
    }

    private static Parsed<com.google.re2j.Pattern> compiled(String text) {
        try {
            var pattern = com.google.re2j.Pattern.compile(text);
            return pattern.programSize() > LARGEST_PATTERN
                    ? Parsed.wrong("is too large (repeat less)")
                    : Parsed.ok(pattern);
        } catch (PatternSyntaxException e) {
            return Parsed.wrong(
                    "is not a pattern of RE2: %s: %s"
                            .formatted(e.getDescription(), Text.quoted(e.getPattern())));
        }
    }

    /** {@code app.example.com} or {@code *.example.com}; without a port, in lower case. */
    static Parsed<String> host(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        boolean name = text.length() <= 253 && HOST.matcher(lower).matches();
        boolean address =
                Addresses.address(BRACKETS.matcher(text).replaceAll("$1")) instanceof Parsed.Ok;
        return name || address
                ? Parsed.ok(lower)
                : Parsed.wrong(
                        "must be a host name such as app.example.com or \"*.example.com\", without"
                                + " a port, got "
                                + Text.quoted(text));
    }

    /**
     * A whole path. It is compared with the normalised one, so it has to be normal itself; what a
     * client would escape may be written either way.
     */
    static Parsed<String> path(String text) {
        if (!PATH.matcher(text).matches()) {
            return Parsed.wrong(
                    "must be a path that starts with /, without ? # \\ and stray %, got "
                            + Text.quoted(text));
        }
        return NOT_NORMAL.matcher(text).find()
                ? Parsed.wrong(
                        "must be as requests are compared, without // /. or /.., got "
                                + Text.quoted(text))
                : Parsed.ok(text);
    }

    /** By segment, so that a slash at the end would say nothing. */
    static Parsed<String> prefix(String text) {
        return path(text)
                .then(
                        p ->
                                p.length() > 1 && p.endsWith("/")
                                        ? Parsed.wrong(
                                                "ends with / (write %s: it matches that and all"
                                                                .formatted(
                                                                        Text.shown(
                                                                                p.substring(
                                                                                        0,
                                                                                        p.length()
                                                                                                - 1)))
                                                        + " below it)")
                                        : Parsed.ok(p));
    }
}
