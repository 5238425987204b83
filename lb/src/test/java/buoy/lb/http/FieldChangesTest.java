package buoy.lb.http;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.FieldChanges;
import buoy.config.model.Listener;
import buoy.config.model.Listener.Action;
import buoy.config.model.Listener.Match;
import buoy.config.model.Template;
import buoy.config.model.Template.Literal;
import buoy.config.model.Template.Part;
import buoy.config.model.Template.Variable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a listener sets, adds and removes, between a raw client and a raw server. */
class FieldChangesTest {
    private static Template text(String text) {
        return new Template(List.of(new Literal(text)));
    }

    private static Template of(Part... parts) {
        return new Template(List.of(parts));
    }

    private static Proxy.Setup changing(FieldChanges request, FieldChanges response, int port) {
        Proxy.Setup setup = Proxy.to(port);
        setup.changes = new Listener.Headers(request, response);
        return setup;
    }

    @Test
    void whatServersGetIsChanged() throws Exception {
        Map<String, Template> set = new LinkedHashMap<>();
        set.put("X-Who", of(Variable.CLIENT_ADDRESS, new Literal(" at "), Variable.HOST));
        set.put("X-Query", of(Variable.QUERY));
        FieldChanges changes =
                new FieldChanges(set, Map.of("X-More", text("b")), Set.of("x-internal", "Cookie"));
        try (Origin origin = Origin.answering("x");
                Proxy proxy = changing(changes, FieldChanges.NONE, origin.port()).start();
                Caller caller = proxy.call()) {
            for (int i = 0; i < 2; i++) {
                caller.send(
                        """
                        GET / HTTP/1.1
                        X-Internal: 1
                        X-INTERNAL: 2
                        Host: a
                        X-More: a
                        X-Internals: 3
                        Cookie: c
                        x-who: me
                        X-Query: mine

                        """);
                caller.response();
                assertThat(origin.received())
                        .startsWith(
                                """
                                GET / HTTP/1.1
                                Host: a
                                X-More: a
                                X-Internals: 3
                                X-Forwarded-For: 127.0.0.1
                                """)
                        .endsWith(
                                """
                                Via: 1.1 buoy
                                X-Who: 127.0.0.1 at a
                                X-More: b

                                """);
            }
        }
    }

    @Test
    void whatClientsGetIsChangedAndOurOwnAnswersToo() throws Exception {
        Map<String, Template> set = new LinkedHashMap<>();
        set.put("Strict-Transport-Security", text("max-age=31536000"));
        set.put("Cache-Control", text("private"));
        FieldChanges changes =
                new FieldChanges(set, Map.of("Vary", text("Origin")), Set.of("Server"));
        try (Origin origin =
                        new Origin(
                                talk -> {
                                    talk.head();
                                    talk.write(
                                            """
                                            HTTP/1.1 103 Early Hints\r
                                            Server: s\r
                                            \r
                                            HTTP/1.1 200 OK\r
                                            Server: s\r
                                            Vary: Accept\r
                                            cache-control: no-store\r
                                            Content-Length: 1\r
                                            \r
                                            x""");
                                });
                Proxy proxy =
                        changing(FieldChanges.NONE, changes, origin.port())
                                .route(
                                        new Match(
                                                java.util.Optional.of("a"),
                                                java.util.Optional.empty(),
                                                Listener.Conditions.NONE),
                                        new Action.ToPool("app"))
                                .start();
                Caller caller = proxy.call()) {
            caller.get("/");
            assertThat(caller.head()).isEqualTo("HTTP/1.1 103 Early Hints\nServer: s\n\n");
            assertThat(caller.response())
                    .isEqualTo(
                            """
                            HTTP/1.1 200 OK
                            Vary: Accept
                            Content-Length: 1
                            Strict-Transport-Security: max-age=31536000
                            Cache-Control: private
                            Vary: Origin

                            x""");
            caller.send("GET / HTTP/1.1\nHost: other\n\n");
            assertThat(caller.response())
                    .isEqualTo(
                            """
                            HTTP/1.1 404 Not Found
                            Strict-Transport-Security: max-age=31536000
                            Cache-Control: private
                            Vary: Origin
                            Content-Type: text/plain
                            Content-Length: 13

                            404 no-route
                            """);
            // What was not read as a request has no variables to fill in.
            caller.send("GET / HTTP/1.1\nHost : a\n\n");
            assertThat(caller.rest()).startsWith("HTTP/1.1 400 ").doesNotContain("Strict-");
        }
    }

    @Test
    void theIdIsTheSameOnBothSidesAndNewForEachRequest() throws Exception {
        FieldChanges changes =
                new FieldChanges(
                        Map.of("X-Request-Id", of(Variable.REQUEST_ID)), Map.of(), Set.of());
        try (Origin origin = Origin.answering("x");
                Proxy proxy = changing(changes, changes, origin.port()).start();
                Caller caller = proxy.call()) {
            String first = id(caller.get("/").response());
            assertThat(first).matches("[0-9a-f]{32}").isEqualTo(id(origin.received()));
            String second = id(caller.get("/").response());
            assertThat(second).isEqualTo(id(origin.received())).isNotEqualTo(first);
        }
    }

    private static String id(String head) {
        return head.replaceAll("(?s).*\nX-Request-Id: ([^\n]*)\n.*", "$1");
    }
}
