package buoy.daemon.imports.haproxy;

import buoy.config.Text;
import buoy.config.model.Network;
import buoy.daemon.imports.draft.Networks;
import buoy.daemon.imports.draft.PathTest;
import buoy.daemon.imports.draft.Patterns;
import buoy.daemon.imports.draft.RouteMatch;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The words of an ACL behind its name: a sample fetch, flags and values (HAProxy's configuration
 * manual, 7.1 and 7.3).
 *
 * <p>Longer than other files, because it is the one list of what can be asked.
 */
final class Fetch {
    private static final Pattern CRITERION =
            Pattern.compile("([a-zA-Z0-9_.]+)(?:\\(([^()]*)\\))?((?:,[^ ]*)?)");

    /** Suffixes that say how values are compared. */
    private static final Pattern SUFFIX =
            Pattern.compile("(.+?)_(beg|end|dir|dom|reg|sub|len|cnt|ip|val)");

    private static final int MOST_VALUES = 1000;
    private static final String BY_NAMES = "write match: {host: NAME} for each name";

    /** How values are compared, and with what. */
    private record Comparison(
            String fetch, String argument, String method, boolean anyCase, List<String> values) {}

    private final Function<String, Optional<String>> files;

    /**
     * @param files the text of a file of patterns
     */
    Fetch(Function<String, Optional<String>> files) {
        this.files = files;
    }

    /** The tests of which one has to hold. */
    List<Test> tests(List<String> words) {
        if (words.isEmpty()) {
            return unknown("an empty condition", "write what it asks");
        }
        Matcher criterion = CRITERION.matcher(words.getFirst());
        if (!criterion.matches()) {
            return notKnown(words.getFirst());
        }
        String fetch = criterion.group(1);
        String argument = criterion.group(2) == null ? "" : criterion.group(2).strip();
        String method = "";
        Matcher suffix = SUFFIX.matcher(fetch);
        if (suffix.matches() && hasMethods(suffix.group(1))) {
            fetch = suffix.group(1);
            method = suffix.group(2);
        }
        List<String> converters = new ArrayList<>();
        for (String converter : criterion.group(3).split(",", -1)) {
            if (!converter.isEmpty()) {
                converters.add(converter);
            }
        }
        String chain = String.join(",", converters);
        if (!List.of(
                        "",
                        "lower",
                        "host_only",
                        "field(1,:)",
                        "field(1",
                        "lower,host_only",
                        "host_only,lower",
                        "field(1,:),lower",
                        "lower,field(1,:)")
                .contains(chain)) {
            return unknown(
                    Text.shown(words.getFirst()) + " changes what it compares",
                    "let the application decide, or keep HAProxy for this");
        }
        boolean anyCase = chain.contains("lower");
        List<String> values = new ArrayList<>();
        int i = 1;
        boolean flags = true;
        for (; i < words.size(); i++) {
            String word = words.get(i);
            if (flags && word.equals("--")) {
                flags = false;
            } else if (flags && word.equals("-i")) {
                anyCase = true;
            } else if (flags && Set.of("-n", "-M").contains(word)) {
                // They say how names are looked up and what a map is: nothing to do here.
            } else if (flags && word.equals("-u")) {
                i++;
            } else if (flags && word.equals("-m") && i + 1 < words.size()) {
                method = words.get(++i);
            } else if (flags && word.equals("-f") && i + 1 < words.size()) {
                String file = words.get(++i);
                Optional<String> text = files.apply(file);
                if (text.isEmpty()) {
                    return unknown(
                            "the file %s cannot be read here".formatted(Text.shown(file)),
                            "import on the host that has it, or write its values out");
                }
                text.get()
                        .lines()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                        .limit(MOST_VALUES + 1L)
                        .forEach(values::add);
            } else {
                flags = false;
                values.add(word);
            }
        }
        if (values.size() > MOST_VALUES) {
            return unknown(
                    "more than " + MOST_VALUES + " values", "generate the routes with a program");
        }
        return of(new Comparison(fetch, argument, method, anyCase, values), words.getFirst());
    }

    private static boolean hasMethods(String fetch) {
        return Set.of(
                        "path",
                        "pathq",
                        "url",
                        "hdr",
                        "shdr",
                        "req.hdr",
                        "req.fhdr",
                        "cook",
                        "req.cook",
                        "base",
                        "urlp",
                        "url_param",
                        "src",
                        "dst",
                        "req.ssl_sni",
                        "req_ssl_sni",
                        "ssl_fc_sni",
                        "method",
                        "query",
                        "var")
                .contains(fetch);
    }

    private List<Test> of(Comparison c, String shown) {
        return switch (c.fetch) {
            case "always_true" -> List.of(new Test.Always(true));
            case "always_false" -> List.of(new Test.Always(false));
            case "path", "pathq", "url" -> path(c);
            case "hdr", "req.hdr", "req.fhdr" ->
                    c.argument.toLowerCase(Locale.ROOT).replaceAll(",.*", "").equals("host")
                            ? names(c, RouteMatch::ofHost, "the host")
                            : header(c);
            case "req.ssl_sni", "req_ssl_sni" ->
                    names(c, RouteMatch::ofSni, "the name that TLS is begun for");
            case "ssl_fc_sni" ->
                    unknown(
                            "the name that TLS was begun for is not asked where TLS ends here",
                            "ask for the host of the request: match: {host: NAME}");
            case "method" -> List.of(new Test.Asks(RouteMatch.ofMethods(upper(c.values))));
            case "src" -> clients(c);
            case "ssl_fc" -> List.of(new Test.Encrypted());
            case "dst_port", "fc_dst_port" -> ports(c);
            case "urlp", "url_param", "req.url_param" -> query(c);
            case "req_ssl_hello_type", "req.ssl_hello_type", "req.proto_http", "req_proto_http" ->
                    List.of(new Test.Always(true));
            case "wait_end" -> List.of(new Test.Always(true));
            case "http_auth" -> List.of(new Test.LoggedIn(c.argument));
            case "nbsrv" -> fewerUp(c);
            case "src_conn_cur", "sc0_conn_cur", "sc1_conn_cur", "sc2_conn_cur", "sc_conn_cur" ->
                    moreThan(c, Test.MoreThan.What.CONNECTIONS);
            case "src_http_req_rate",
                    "sc0_http_req_rate",
                    "sc1_http_req_rate",
                    "sc2_http_req_rate",
                    "sc_http_req_rate" ->
                    moreThan(c, Test.MoreThan.What.REQUESTS);
            case "req.body_size", "req.body_len" -> moreThan(c, Test.MoreThan.What.BODY);
            case "http_auth_group" ->
                    unknown(
                            "groups of users are not known",
                            "write basic-auth with a users-file of those who may");
            default -> notKnown(shown);
        };
    }

    // --- paths

    private static List<Test> path(Comparison c) {
        List<Test> tests = new ArrayList<>();
        for (String value : c.values) {
            boolean plain = value.startsWith("/") && !value.matches(".*[?#%\\\\\\p{Cntrl} ].*");
            String literal = PathTest.literal(value);
            String any =
                    c.anyCase
                                    && !value.toLowerCase(Locale.ROOT)
                                            .equals(value.toUpperCase(Locale.ROOT))
                            ? "(?i)"
                            : "";
            Optional<PathTest> test =
                    switch (c.method) {
                        case "", "str" ->
                                !plain
                                        ? Optional.empty()
                                        : Optional.of(
                                                any.isEmpty()
                                                        ? new PathTest.Exactly(value)
                                                        : new PathTest.Fits(any + literal));
                        case "beg" ->
                                !plain
                                        ? Optional.empty()
                                        : Optional.of(
                                                any.isEmpty()
                                                        ? new PathTest.Begins(value)
                                                        : new PathTest.Fits(any + literal + ".*"));
                        case "end" ->
                                Optional.of(
                                        any.isEmpty()
                                                ? new PathTest.Ends(value)
                                                : new PathTest.Fits(any + "/.*" + literal));
                        case "sub" -> Optional.of(new PathTest.Fits(any + "/.*" + literal + ".*"));
                        case "dir" ->
                                Optional.of(
                                        new PathTest.Fits(
                                                any
                                                        + "(/.*)?/"
                                                        + PathTest.literal(
                                                                value.replaceAll("^/+|/+$", ""))
                                                        + "(/.*)?"));
                        case "reg" -> Patterns.ofPath(value, c.anyCase).map(PathTest.Fits::new);
                        default -> Optional.empty();
                    };
            if (test.isEmpty()) {
                return unknown(
                        "%s cannot be asked of a path"
                                .formatted(Text.shown((c.method + " " + value).strip())),
                        "write match with path, path-exact or path-regex; see docs/configuration.md");
            }
            tests.add(new Test.Asks(RouteMatch.ofPath(test.get())));
        }
        return atLeastOne(tests, c);
    }

    // --- names

    private static List<Test> names(Comparison c, Function<String, RouteMatch> match, String what) {
        List<Test> tests = new ArrayList<>();
        for (String value : c.values) {
            List<String> names =
                    switch (c.method) {
                        case "", "str" -> List.of(value.replaceAll(":[0-9]+$", ""));
                        case "end" ->
                                value.startsWith(".")
                                        ? List.of("*" + value)
                                        : List.of(value, "*." + value);
                        case "dom" -> List.of(value, "*." + value);
                        case "reg" -> Patterns.names(value);
                        default -> List.of();
                    };
            if (names.isEmpty() || !names.stream().allMatch(Fetch::isHost)) {
                return unknown(
                        "%s cannot be asked of %s"
                                .formatted(Text.shown((c.method + " " + value).strip()), what),
                        BY_NAMES);
            }
            names.forEach(
                    name -> tests.add(new Test.Asks(match.apply(name.toLowerCase(Locale.ROOT)))));
        }
        return atLeastOne(tests, c);
    }

    static boolean isHost(String name) {
        String label = "[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?";
        return name.length() <= 253
                && Pattern.matches(
                        "(\\*\\.)?" + label + "(\\." + label + ")*", name.toLowerCase(Locale.ROOT));
    }

    // --- the rest

    private static List<Test> header(Comparison c) {
        String name = c.argument.toLowerCase(Locale.ROOT).replaceAll(",.*", "");
        if (Set.of("upgrade", "connection").contains(name)) {
            return unknown(
                    "an upgrade is not asked for by a route",
                    "WebSockets go through every route: give their path or host a route to their pool");
        }
        if (!Pattern.matches("[a-z0-9!#$%&'*+.^`|~-]{1,100}", name)
                || Set.of("te", "keep-alive", "proxy-connection", "transfer-encoding")
                        .contains(name)) {
            return unknown(
                    "the field %s cannot be asked for".formatted(Text.shown(c.argument)),
                    "let the application look at it");
        }
        if (!Set.of("", "str").contains(c.method)) {
            return unknown(
                    "fields are compared as a whole",
                    "write match: {headers: {%s: VALUE}} for each value".formatted(name));
        }
        List<Test> tests = new ArrayList<>();
        for (String value : c.values) {
            if (!value.equals(value.strip()) || value.chars().anyMatch(ch -> ch < ' ')) {
                return unknown("a value with white space around it", "write the value");
            }
            tests.add(new Test.Asks(RouteMatch.ofHeader(name, value)));
        }
        return atLeastOne(tests, c);
    }

    private static List<Test> query(Comparison c) {
        if (!Set.of("", "str").contains(c.method) || c.argument.isEmpty()) {
            return unknown(
                    "parameters are compared as a whole",
                    "write match: {query: {NAME: VALUE}} for each value");
        }
        List<Test> tests = new ArrayList<>();
        c.values.forEach(
                value ->
                        tests.add(
                                new Test.Asks(
                                        RouteMatch.ofQuery(
                                                c.argument.replaceAll(",.*", ""), value))));
        return atLeastOne(tests, c);
    }

    private static List<Test> clients(Comparison c) {
        List<Network> networks = new ArrayList<>();
        for (String value : c.values) {
            Optional<Network> network = Networks.parse(value);
            if (network.isEmpty()) {
                return unknown(
                        "%s is no network".formatted(Text.shown(value)),
                        "write addresses and lengths, such as 203.0.113.0/24");
            }
            networks.add(network.get());
        }
        return networks.isEmpty()
                ? atLeastOne(List.of(), c)
                : List.of(new Test.Asks(RouteMatch.ofClient(networks)));
    }

    private static List<Test> ports(Comparison c) {
        List<Test> tests = new ArrayList<>();
        for (String value : c.values) {
            if (value.equals("eq")) {
                continue;
            }
            if (!Pattern.matches("[0-9]{1,5}", value)) {
                return unknown("a range of ports", "write a listener for each port");
            }
            tests.add(new Test.Port(Integer.parseInt(value)));
        }
        return atLeastOne(tests, c);
    }

    private static List<Test> fewerUp(Comparison c) {
        if (c.values.size() == 2 && Pattern.matches("[0-9]{1,4}", c.values.get(1))) {
            int number = Integer.parseInt(c.values.get(1));
            switch (c.values.getFirst()) {
                case "lt" -> {
                    return List.of(new Test.FewerUp(c.argument, number));
                }
                case "le" -> {
                    return List.of(new Test.FewerUp(c.argument, number + 1));
                }
                case "eq" -> {
                    if (number == 0) {
                        return List.of(new Test.FewerUp(c.argument, 1));
                    }
                }
                default -> {
                    // Said below.
                }
            }
        }
        return unknown(
                "how many servers are up is not asked by a route",
                "name another pool as fallback of the pool");
    }

    private static List<Test> moreThan(Comparison c, Test.MoreThan.What what) {
        if (c.values.size() == 2
                && Set.of("gt", "ge").contains(c.values.getFirst())
                && Pattern.matches("[0-9]{1,12}[kmg]?", c.values.get(1))) {
            long number = number(c.values.get(1));
            return List.of(
                    new Test.MoreThan(
                            what, c.values.getFirst().equals("ge") ? number - 1 : number));
        }
        return unknown("this is compared in another way", "see limits in docs/configuration.md");
    }

    private static long number(String text) {
        String digits = text.replaceAll("[kmg]$", "");
        int shift = text.endsWith("k") ? 10 : text.endsWith("m") ? 20 : text.endsWith("g") ? 30 : 0;
        return Math.min(Long.parseLong(digits), 1L << 32) << shift;
    }

    private static Set<String> upper(List<String> methods) {
        Set<String> upper = new LinkedHashSet<>();
        methods.forEach(m -> upper.add(m.toUpperCase(Locale.ROOT)));
        return upper;
    }

    private static List<Test> atLeastOne(List<Test> tests, Comparison c) {
        return tests.isEmpty()
                ? unknown(
                        "%s without a value".formatted(Text.shown(c.fetch)),
                        "write the values it is to have")
                : tests;
    }

    private static List<Test> notKnown(String word) {
        return unknown(
                "%s is nothing that a route asks for".formatted(Text.shown(word)),
                "see Matches in docs/configuration.md for what there is");
    }

    private static List<Test> unknown(String why, String instead) {
        return List.of(new Test.Unknown(why, instead));
    }
}
