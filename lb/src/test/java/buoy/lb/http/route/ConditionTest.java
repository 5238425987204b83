package buoy.lb.http.route;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Listener.Conditions;
import buoy.config.model.Listener.Match;
import buoy.config.model.Listener.PathMatch;
import buoy.config.model.Network;
import buoy.lb.http.head.ClientFacts;
import com.google.re2j.Pattern;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a route may ask beyond host and path. */
class ConditionTest {
    private static final Network PROXIES = Subjects.network("203.0.113.0/24");

    private static boolean holds(Conditions asked, String head, ClientFacts client) {
        Match match = new Match(Optional.empty(), Optional.empty(), asked);
        return new RouteTable(List.of(match))
                        .find(Subjects.head(head), client, new RouteTable.Scratch())
                == 0;
    }

    private static boolean hasField(String fields, ClientFacts client) {
        return holds(
                new Conditions(
                        Set.of(),
                        Map.of("x-beta", "1", "x-forwarded-proto", "https"),
                        Map.of(),
                        List.of()),
                "GET / HTTP/1.1\nHost: a\n" + fields + "\n",
                client);
    }

    @Test
    void aFieldHasExactlyThatValueOnOneOfItsLines() {
        ClientFacts proxy = Subjects.client("203.0.113.1", PROXIES);
        assertThat(hasField("X-BETA: 1\nX-Forwarded-Proto: https\n", proxy)).isTrue();
        assertThat(hasField("X-Beta: 2\nX-Beta:1  \nX-Forwarded-Proto: https\n", proxy)).isTrue();
        assertThat(hasField("X-Beta: 1, 2\nX-Forwarded-Proto: https\n", proxy)).isFalse();
        assertThat(hasField("X-Beta: 1\nX-Forwarded-Proto: HTTPS\n", proxy)).isFalse();
        assertThat(hasField("X-Bet: 1\nX-Forwarded-Proto: https\n", proxy)).isFalse();
    }

    @Test
    void aFieldThatIsNotSentOnIsNotThere() {
        ClientFacts proxy = Subjects.client("203.0.113.1", PROXIES);
        String both = "X-Beta: 1\nX-Forwarded-Proto: https\n";
        assertThat(hasField(both + "Connection: x-beta\n", proxy)).isFalse();
        assertThat(hasField(both, Subjects.CLIENT)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "GET, true",
        "HEAD, false",
        "get, false",
        "PURGE, true",
        "PURGEX, false",
        "PURG, false"
    })
    void theMethodIsOneOfThem(String method, boolean holds) {
        assertThat(
                        holds(
                                new Conditions(
                                        Set.of("GET", "PURGE"), Map.of(), Map.of(), List.of()),
                                method + " / HTTP/1.1\nHost: a\n\n",
                                Subjects.CLIENT))
                .isEqualTo(holds);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?a b=c&d",
                "?a+b=c%26d",
                "?a%20b=c%26d",
                "?x=y&a+b=%63&a+b=c%26d",
                "?&&a+b=c%26d&"
            })
    void parametersAreComparedDecoded(String query) {
        assertThat(has(query, "a b", "c&d")).isEqualTo(!query.contains(" "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "?", "?v", "?v=", "?v=22", "?vv=2", "?xv=2", "?v=2%", "?V=2", "?2=v"})
    void otherParametersDoNotFit(String query) {
        assertThat(has(query, "v", "2")).isFalse();
    }

    @Test
    void aParameterMayBeEmptyAndAnEscapeMayBeNone() {
        assertThat(has("?a&b", "b", "")).isTrue();
        assertThat(has("?a&b=", "b", "")).isTrue();
        assertThat(has("?b=%zz", "b", "%zz")).isTrue();
        assertThat(has("?caf%C3%A9=%e2%82%ac", "caf\u00e9", "\u20ac")).isTrue();
        assertThat(has("", "", "")).isFalse();
    }

    private static boolean has(String query, String name, String value) {
        byte[] bytes = ("/" + query + " HTTP").getBytes(StandardCharsets.US_ASCII);
        return Query.has(
                bytes,
                1,
                1 + query.length(),
                name.getBytes(StandardCharsets.UTF_8),
                value.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    198.51.100.7 |                                              | true
                    198.51.100.8 |                                              | false
                    198.51.100.8 | X-Forwarded-For: 198.51.100.7                | false
                    203.0.113.1  | X-Forwarded-For: 198.51.100.7                | true
                    203.0.113.1  | X-Forwarded-For: 198.51.100.7, 203.0.113.9   | true
                    203.0.113.1  | X-Forwarded-For: 198.51.100.7, 198.51.100.8  | false
                    203.0.113.1  | X-Forwarded-For: 198.51.100.7, unknown       | false
                    203.0.113.1  | X-Forwarded-For: 198.51.100.7,               | false
                    203.0.113.1  | X-Forwarded-For: 203.0.113.9                 | false
                    203.0.113.1  | X-Forwarded-For: 2001:db8::7                 | true
                    203.0.113.1  | X-Forwarded-For: 2001:db8::7%lo              | false
                    203.0.113.1  |                                              | false
                    198.51.100.8 | Forwarded: for=198.51.100.7                  | false
                    203.0.113.1  | Forwarded: for=198.51.100.7                  | true
                    203.0.113.1  | forwarded: For="198.51.100.7:4711";proto=http | true
                    203.0.113.1  | Forwarded: proto=http; for="[2001:db8::7]"   | true
                    203.0.113.1  | Forwarded: for="[2001:db8::7]:_p";by=_me     | true
                    203.0.113.1  | Forwarded: for=198.51.100.7, for=203.0.113.9 | true
                    203.0.113.1  | Forwarded: for=198.51.100.7, for=198.51.100.8 | false
                    203.0.113.1  | Forwarded: for=198.51.100.7, for=unknown     | false
                    203.0.113.1  | Forwarded: for=198.51.100.7, by=203.0.113.9  | false
                    203.0.113.1  | Forwarded: for=198.51.100.7;for=198.51.100.7 | false
                    203.0.113.1  | Forwarded: for="198.51.100.7                 | false
                    203.0.113.1  | Forwarded: for=2001:db8::7                   | false
                    203.0.113.1  | Forwarded: for=198.51.100.7,                 | false
                    203.0.113.1  | Forwarded: by="x, for=198.51.100.8\\", y";for=198.51.100.7 | true
                    """)
    void theClientIsWhomTrustedProxiesName(String peer, String field, boolean holds) {
        Conditions asked =
                new Conditions(
                        Set.of(),
                        Map.of(),
                        Map.of(),
                        List.of(
                                Subjects.network("198.51.100.7/32"),
                                Subjects.network("2001:db8::/32")));
        String head = "GET / HTTP/1.1\nHost: a\n%s\n".formatted(field == null ? "" : field + "\n");
        assertThat(holds(asked, head, Subjects.client(peer, PROXIES))).isEqualTo(holds);
    }

    @ParameterizedTest
    @CsvSource({
        "198.51.100.7, 198.51.100.7, true",
        "198.51.100.7, 198.51.100.8, true",
        "198.51.100.8, 198.51.100.7, false",
    })
    void whereThereIsXForwardedForItAloneCounts(String listed, String forwarded, boolean holds) {
        Conditions asked =
                new Conditions(
                        Set.of(), Map.of(), Map.of(), List.of(Subjects.network("198.51.100.7/32")));
        String head =
                "GET / HTTP/1.1\nHost: a\nX-Forwarded-For: %s\nForwarded: for=%s\n\n"
                        .formatted(listed, forwarded);
        assertThat(holds(asked, head, Subjects.client("203.0.113.1", PROXIES))).isEqualTo(holds);
    }

    @Test
    void linesOfProxiesAreReadFromTheLast() {
        Conditions asked =
                new Conditions(
                        Set.of(), Map.of(), Map.of(), List.of(Subjects.network("198.51.100.7/32")));
        String head = "GET / HTTP/1.1\nHost: a\nX-Forwarded-For: %s\nX-Forwarded-For: %s\n\n";
        ClientFacts proxy = Subjects.client("203.0.113.1", PROXIES);
        assertThat(holds(asked, head.formatted("198.51.100.7", "203.0.113.2"), proxy)).isTrue();
        assertThat(holds(asked, head.formatted("198.51.100.7", "198.51.100.8"), proxy)).isFalse();
        assertThat(holds(asked, head.formatted("198.51.100.8", "198.51.100.7"), proxy)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "/user/1, true", "/user/1/, false", "/a/user/1, false", "/user/%31, true",
        "/x/../user/1, true", "/user/a%2fb, false", "/user//1, false", "/caf%c3%a9, true"
    })
    void aPatternFitsTheWholeNormalPath(String path, boolean holds) {
        Match match =
                new Match(
                        Optional.empty(),
                        Optional.of(
                                new PathMatch.Regex(Pattern.compile("/user/[0-9]+|/caf%C3%A9"))),
                        Conditions.NONE);
        int found =
                new RouteTable(List.of(match, Match.ANY))
                        .find(
                                Subjects.head("GET " + path + " HTTP/1.1\nHost: a\n\n"),
                                Subjects.CLIENT,
                                new RouteTable.Scratch());
        assertThat(found)
                .isEqualTo(
                        holds
                                ? 0
                                : path.contains("//")
                                        // Some servers read it as /user/1.
                                        ? RouteTable.AMBIGUOUS
                                        : 1);
    }

    @ParameterizedTest
    @CsvSource({
        "/user/[0-9]+, /user",
        "^/user/[0-9]+$, /user",
        "/user, /user",
        "/user/, /user/",
        "/user/x*, /user",
        "/user/*, /",
        "/user/?x, /",
        "/a/b|/c, /",
        "/a/(b|c), /a",
        "'/a/[|]b', /",
        "/a/.*, /a",
        ".*, /",
        "(?i)/a/b, /",
        "/user$, /",
        "/a//b/.*, /",
        "'/a/b{0}', /a",
        "/a(/b|/c), /",
        "'', /",
        "^, /",
        "*, /",
        "/a/\\w+, /a"
    })
    void aPatternIsLookedForBelowItsSegments(String pattern, String prefix) {
        assertThat(PatternPrefix.of(pattern)).isEqualTo(prefix);
    }
}
