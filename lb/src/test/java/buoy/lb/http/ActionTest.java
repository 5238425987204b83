package buoy.lb.http;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Listener.Action;
import buoy.config.model.Listener.Conditions;
import buoy.config.model.Listener.Match;
import buoy.config.model.Listener.PathMatch;
import buoy.config.model.Listener.Route;
import buoy.config.model.Listener.RouteTimeouts;
import buoy.config.model.Template;
import buoy.config.model.Template.Literal;
import buoy.config.model.Template.Variable;
import buoy.lb.pool.Reason;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What routes do with requests, between a raw client and a raw server. */
class ActionTest {
    private static Match below(String path) {
        return new Match(
                Optional.empty(), Optional.of(new PathMatch.Prefix(path)), Conditions.NONE);
    }

    /** {@code app} behind an answer that is written out at {@code /here}. */
    private static Proxy.Setup answering(Origin origin, int status, String body) {
        return Proxy.to(origin.port())
                .route(below("/here"), new Action.Respond(status, body))
                .route(Match.ANY, new Action.ToPool("app"));
    }

    @Test
    void anAnswerIsWrittenOutAndTheConnectionGoesOn() throws Exception {
        try (Origin origin = Origin.answering("server");
                Proxy proxy = answering(origin, 403, "no \u20ac\n").start();
                Caller caller = proxy.call()) {
            String answer =
                    """
                    HTTP/1.1 403 Forbidden
                    Content-Type: text/plain; charset=utf-8
                    Content-Length: 7

                    """;
            caller.get("/here/x");
            assertThat(caller.head()).isEqualTo(answer);
            assertThat(caller.read(7)).hasSize(7).startsWith("no ");
            caller.send("HEAD /here HTTP/1.1\nHost: a\n\n");
            assertThat(caller.head()).isEqualTo(answer);
            assertThat(caller.get("/there").response()).endsWith("server");
            assertThat(proxy.listening.totals().finished()).isEqualTo(3);
            assertThat(origin.connections()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"204, No Content", "304, Not Modified"})
    void statusesWithoutABodyHaveNone(int status, String phrase) throws Exception {
        try (Origin origin = Origin.answering("server");
                Proxy proxy = answering(origin, status, "").start();
                Caller caller = proxy.call()) {
            caller.get("/here").send("GET /there HTTP/1.1\nHost: a\n\n");
            assertThat(caller.head()).isEqualTo("HTTP/1.1 %d %s\n\n".formatted(status, phrase));
            assertThat(caller.response()).endsWith("server");
        }
    }

    @Test
    void aBodyThatHasComeIsReadAndOneThatHasNotEndsTheConnection() throws Exception {
        try (Origin origin = Origin.answering("server");
                Proxy proxy = answering(origin, 403, "no\n").start()) {
            try (Caller caller = proxy.call()) {
                caller.send("PUT /here HTTP/1.1\nHost: a\nContent-Length: 5\n\nhello");
                assertThat(caller.head()).doesNotContain("Connection");
                assertThat(caller.read(3)).isEqualTo("no\n");
                assertThat(caller.get("/there").response()).endsWith("server");
            }
            try (Caller caller = proxy.call()) {
                caller.send("PUT /here HTTP/1.1\nHost: a\nContent-Length: 50\n\nGET / HTTP/1.1\n");
                assertThat(caller.rest())
                        .contains("Connection: close\r\n")
                        .endsWith("\r\n\r\nno\n");
            }
            try (Caller caller = proxy.call()) {
                caller.send(
                        """
                        PUT /here HTTP/1.1
                        Host: a
                        Content-Length: 5
                        Expect: 100-continue

                        """);
                assertThat(caller.rest())
                        .startsWith("HTTP/1.1 403 ")
                        .contains("Connection: close\r\n");
            }
            // The one request that reached it.
            assertThat(origin.received()).startsWith("GET /there ");
            assertThat(origin.receivedNothing()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    GET /a/b?c=d HTTP/1.1      | b.example:8080  | http:b.example/a/b?c=d/a/b?c=d GET
                    HEAD / HTTP/1.1            | "[2001:db8::1]" | http:[2001:db8::1]/?/ HEAD
                    GET http://x:1?q HTTP/1.1  | b               | http:x/?q/?q GET
                    OPTIONS * HTTP/1.1         | b               | http:b/?/ OPTIONS
                    GET //a HTTP/1.1           | b               | http:b//a?//a GET
                    """)
    void aRedirectIsFilledIn(String line, String host, String filledIn) throws Exception {
        Template to =
                new Template(
                        List.of(
                                Variable.SCHEME,
                                new Literal(":"),
                                Variable.HOST,
                                Variable.PATH,
                                new Literal("?"),
                                Variable.QUERY,
                                Variable.URI,
                                new Literal(" "),
                                Variable.METHOD,
                                new Literal(" "),
                                Variable.PORT,
                                new Literal(" "),
                                Variable.CLIENT_ADDRESS));
        try (Origin origin = Origin.answering("server");
                Proxy proxy =
                        Proxy.to(origin.port())
                                .route(Match.ANY, new Action.Redirect(to, 307))
                                .start();
                Caller caller = proxy.call()) {
            caller.send(line + "\nHost: " + host.replace("\"", "") + "\n\n");
            assertThat(caller.head())
                    .startsWith("HTTP/1.1 307 Temporary Redirect\n")
                    .contains("\nLocation: %s %d 127.0.0.1\n".formatted(filledIn, proxy.port))
                    .doesNotContain("Connection");
        }
    }

    @Test
    void aRedirectToTheHostOfARequestThatNamesNoneIsRefused() throws Exception {
        Template to = new Template(List.of(new Literal("https://"), Variable.HOST));
        try (Origin origin = Origin.answering("server");
                Proxy proxy =
                        Proxy.to(origin.port())
                                .route(Match.ANY, new Action.Redirect(to, 301))
                                .start();
                Caller caller = proxy.call()) {
            assertThat(caller.send("GET / HTTP/1.0\n\n").rest()).startsWith("HTTP/1.1 400 ");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/api, /",
        "/api/, /",
        "/api?q, /?q",
        "/api/x/%2541?q=/api, /x/%2541?q=/api",
        "/apix, /apix",
        "/v1/api/x, /v1/api/x",
        "/api/a%2fb?x, /a%2Fb?x",
        "/%61pi/x, /x",
        "/y/../api/./x?q, /x?q",
        "/api//evil, /evil",
        "/api/../x, /api/../x",
        "http://a/api/x?q, /x?q",
        "http://a, /"
    })
    void aPrefixIsTakenOff(String sent, String received) throws Exception {
        try (Origin origin = Origin.answering("server");
                Proxy proxy =
                        Proxy.to(origin.port())
                                .route(
                                        new Route(
                                                Match.ANY,
                                                new Action.ToPool("app"),
                                                Optional.of("/api"),
                                                RouteTimeouts.NONE))
                                .start();
                Caller caller = proxy.call()) {
            caller.get(sent).response();
            assertThat(origin.received()).startsWith("GET " + received + " HTTP/1.1\nHost: a\n");
            // The head is used again.
            caller.get("/other").response();
            assertThat(origin.received()).startsWith("GET /other HTTP/1.1\n");
        }
    }

    @Test
    void poolsShareRequestsExactly() throws Exception {
        Map<String, Integer> shares = new LinkedHashMap<>();
        shares.put("app", 17);
        shares.put("canary", 2);
        shares.put("none", 0);
        shares.put("other", 1);
        try (Origin app = Origin.answering("app");
                Origin canary = Origin.answering("canary");
                Origin other = Origin.answering("other");
                Proxy proxy =
                        Proxy.to(app.port())
                                .pool("canary", canary.port())
                                .pool("none", app.port())
                                .pool("other", other.port())
                                .route(Match.ANY, new Action.Split(shares))
                                .start();
                Caller caller = proxy.call()) {
            for (int round = 0; round < 2; round++) {
                Map<String, Integer> answers = new LinkedHashMap<>();
                for (int i = 0; i < 20; i++) {
                    String answer = caller.get("/").response();
                    answers.merge(answer.substring(answer.lastIndexOf('\n') + 1), 1, Integer::sum);
                }
                assertThat(answers)
                        .containsOnly(
                                Map.entry("app", 17),
                                Map.entry("canary", 2),
                                Map.entry("other", 1));
            }
        }
    }

    private static Proxy before(Origin origin, RouteTimeouts timeouts) throws Exception {
        return Proxy.to(origin.port())
                .route(new Route(Match.ANY, new Action.ToPool("app"), Optional.empty(), timeouts))
                .start();
    }

    @Test
    void aRouteHasItsOwnTimeouts() throws Exception {
        RouteTimeouts quick =
                new RouteTimeouts(
                        Optional.of(Duration.ofMillis(200)),
                        Optional.empty(),
                        Optional.of(Duration.ofMillis(200)),
                        Optional.empty());
        try (Origin origin =
                        new Origin(
                                talk -> {
                                    if (talk.head().startsWith("PUT ")) {
                                        talk.read(3);
                                    }
                                    talk.ended();
                                });
                Proxy proxy = before(origin, quick)) {
            try (Caller caller = proxy.call()) {
                assertThat(caller.get("/").response()).startsWith("HTTP/1.1 504 ");
            }
            try (Caller caller = proxy.call()) {
                caller.send("PUT / HTTP/1.1\nHost: a\nContent-Length: 9\n\nhal");
                assertThat(caller.rest()).startsWith("HTTP/1.1 408 ");
            }
            assertThat(proxy.failed(Reason.RESPONSE_TIMEOUT)).isEqualTo(1);
            assertThat(proxy.failed(Reason.BODY_TIMEOUT)).isEqualTo(1);
        }
    }

    @Test
    void aRouteHasItsOwnTimeForASilentTunnel() throws Exception {
        RouteTimeouts quick =
                new RouteTimeouts(
                        Optional.empty(),
                        Optional.of(Duration.ofMillis(200)),
                        Optional.empty(),
                        Optional.empty());
        try (Origin origin =
                        new Origin(
                                talk -> {
                                    talk.head();
                                    talk.send(StreamingTest.SWITCHING);
                                    talk.ended();
                                });
                Proxy proxy = before(origin, quick);
                Caller caller = proxy.call()) {
            caller.send(StreamingTest.HANDSHAKE).head();
            caller.end();
            Proxy.eventually(() -> proxy.failed(Reason.TUNNEL_TIMEOUT) == 1, "counted");
        }
    }
}
