package buoy.lb.http;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.ErrorPage;
import buoy.config.model.Listener.Action;
import buoy.config.model.Listener.Conditions;
import buoy.config.model.Listener.Match;
import buoy.config.model.Listener.PathMatch;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** {@code errors}: pages in place of our own lines. */
class ErrorPageTest {
    private static final String PAGE = "<p>Gleich zurück</p>";

    private static Proxy.Setup setup(Origin origin) throws Exception {
        int port = origin.port();
        origin.close();
        Proxy.Setup setup = Proxy.to(port);
        setup.errors =
                Map.of(
                        502, new ErrorPage("text/html; charset=utf-8", PAGE),
                        400, new ErrorPage("application/json", "{}"));
        return setup;
    }

    @Test
    void standInForTheLineOfTheirStatus() throws Exception {
        try (Proxy proxy = setup(Origin.answering("x")).start();
                Caller caller = proxy.call()) {
            String answer = caller.get("/").response();
            assertThat(answer)
                    .startsWith("HTTP/1.1 502 Bad Gateway\n")
                    .contains("Content-Type: text/html; charset=utf-8\n")
                    .contains("Cache-Control: no-store\n")
                    .contains("Content-Length: 21\n")
                    .endsWith("\n\n<p>Gleich zur\u00c3\u00bcck</p>");
            // The connection lives on, and HEAD has no body.
            caller.send("HEAD / HTTP/1.1\nHost: a\n\n");
            assertThat(caller.head()).contains("Content-Length: 21\n");
            caller.send("GET / HTTP/1.1\n\n");
            assertThat(caller.rest())
                    .startsWith("HTTP/1.1 400 ")
                    .contains("Content-Type: application/json\r\n")
                    .contains("Connection: close\r\n")
                    .endsWith("\r\n\r\n{}");
        }
    }

    @Test
    void whatAServerOrARouteAnswersIsNotTouched() throws Exception {
        try (Origin origin =
                        new Origin(
                                talk -> {
                                    talk.head();
                                    talk.send("HTTP/1.1 502 Bad\nContent-Length: 5\n\nhello");
                                    talk.ended();
                                });
                Proxy proxy = withPage(origin);
                Caller caller = proxy.call()) {
            assertThat(caller.get("/").response()).endsWith("\n\nhello");
            assertThat(caller.get("/own").response()).endsWith("\n\nmine");
        }
    }

    private static Proxy withPage(Origin origin) throws Exception {
        Proxy.Setup setup = Proxy.to(origin.port());
        setup.errors = Map.of(502, new ErrorPage("text/html; charset=utf-8", PAGE));
        setup.route(
                new Match(
                        Optional.empty(),
                        Optional.of(new PathMatch.Prefix("/own")),
                        Conditions.NONE),
                new Action.Respond(502, "mine"));
        setup.route(Match.ANY, new Action.ToPool("app"));
        return setup.start();
    }
}
