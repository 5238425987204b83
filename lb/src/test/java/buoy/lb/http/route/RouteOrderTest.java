package buoy.lb.http.route;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Listener.Conditions;
import buoy.config.model.Listener.Match;
import buoy.config.model.Listener.PathMatch;
import com.google.re2j.Pattern;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The table finds what trying one route after the other would, whatever the routes ask. */
class RouteOrderTest {
    private final RouteTable.Scratch scratch = new RouteTable.Scratch();

    /** A request in the words that routes are written in. */
    record Asked(String method, String host, String path, String query, String header, String by) {}

    @Property(tries = 3000)
    void theTableIsAFastScan(
            @ForAll("routes") List<Match> routes, @ForAll("requests") Asked asked) {
        int expected = RouteTable.NONE;
        for (int i = 0; i < routes.size() && expected < 0; i++) {
            if (fits(routes.get(i), asked)) {
                expected = i;
            }
        }
        String head =
                "%s %s%s HTTP/1.1\nHost: %s\nX-Beta: %s\n\n"
                        .formatted(asked.method, asked.path, asked.query, asked.host, asked.header);
        assertThat(
                        new RouteTable(routes)
                                .find(Subjects.head(head), Subjects.client(asked.by), scratch))
                .isEqualTo(expected);
    }

    @Provide
    Arbitrary<List<Match>> routes() {
        Arbitrary<Optional<String>> hosts = Arbitraries.of("a.b", "*.b", "*.a.b", "c").optional();
        Arbitrary<Optional<PathMatch>> paths =
                Arbitraries.oneOf(
                                Arbitraries.of("/", "/x", "/x/y", "/x/y/z", "/y")
                                        .<PathMatch>map(PathMatch.Prefix::new),
                                Arbitraries.of("/", "/x", "/x/", "/x/y", "/y")
                                        .<PathMatch>map(PathMatch.Exact::new),
                                Arbitraries.of(
                                                "/x/[yz]+",
                                                "/.",
                                                "/x/y|/y",
                                                "/x/?y?",
                                                "/x/y/.*",
                                                "^/x/y$",
                                                "/(x|z)(/.*)?",
                                                "/x",
                                                "/x/",
                                                ".*z",
                                                "(?i)/X",
                                                "/[x|]/y",
                                                "\\Q/x\\E|/z",
                                                "/x/y*",
                                                "/x{1}/y",
                                                "/x/y/(z|w)/\\w")
                                        .<PathMatch>map(
                                                p -> new PathMatch.Regex(Pattern.compile(p))))
                        .optional();
        Arbitrary<Conditions> conditions =
                Combinators.combine(
                                Arbitraries.of("GET", "PUT").set().ofMaxSize(1),
                                Arbitraries.of(Map.<String, String>of(), Map.of("x-beta", "1")),
                                Arbitraries.of(Map.<String, String>of(), Map.of("v", "2")),
                                Arbitraries.of("198.51.100.0/24", "198.51.100.7/32")
                                        .map(Subjects::network)
                                        .list()
                                        .ofMaxSize(1))
                        .as(Conditions::new);
        Arbitrary<Conditions> seldom =
                Arbitraries.frequencyOf(
                        net.jqwik.api.Tuple.of(1, Arbitraries.just(Conditions.NONE)),
                        net.jqwik.api.Tuple.of(2, conditions));
        return Combinators.combine(hosts, paths, seldom).as(Match::new).list().ofMaxSize(12);
    }

    @Provide
    Arbitrary<Asked> requests() {
        return Combinators.combine(
                        Arbitraries.of("GET", "PUT"),
                        Arbitraries.of("a.b", "x.b", "y.a.b", "c", "b", "d"),
                        Arbitraries.of(
                                "/", "/x", "/x/", "/x/y", "/x/yy", "/x/y/z/w", "/y", "/z", "/X"),
                        Arbitraries.of("", "?v=2", "?v=1", "?w=2&v=%32", "?v"),
                        Arbitraries.of("1", "2"),
                        Arbitraries.of("198.51.100.7", "198.51.100.8", "203.0.113.7"))
                .as(Asked::new);
    }

    private static boolean fits(Match match, Asked asked) {
        return match.host().map(wanted -> hostFits(wanted, asked.host)).orElse(true)
                && match.path().map(wanted -> pathFits(wanted, asked.path)).orElse(true)
                && conditionsFit(match.also(), asked);
    }

    private static boolean hostFits(String wanted, String host) {
        return wanted.startsWith("*.")
                ? host.endsWith(wanted.substring(1)) && host.length() > wanted.length() - 1
                : host.equals(wanted);
    }

    private static boolean pathFits(PathMatch wanted, String path) {
        return switch (wanted) {
            case PathMatch.Exact(String whole) -> path.equals(whole);
            case PathMatch.Prefix(String prefix) ->
                    prefix.equals("/") || path.equals(prefix) || path.startsWith(prefix + "/");
            case PathMatch.Regex(Pattern pattern) -> path.matches(pattern.pattern());
        };
    }

    private static boolean conditionsFit(Conditions wanted, Asked asked) {
        return (wanted.methods().isEmpty() || wanted.methods().contains(asked.method))
                && (wanted.headers().isEmpty() || asked.header.equals("1"))
                && (wanted.query().isEmpty() || Set.of("?v=2", "?w=2&v=%32").contains(asked.query))
                && (wanted.client().isEmpty()
                        || asked.by.equals("198.51.100.7")
                        || (asked.by.equals("198.51.100.8")
                                && wanted.client().getFirst().length() == 24));
    }
}
