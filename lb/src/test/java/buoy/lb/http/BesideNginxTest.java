package buoy.lb.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import buoy.config.model.FieldChanges;
import buoy.config.model.Listener;
import buoy.config.model.Listener.Action;
import buoy.config.model.Listener.Conditions;
import buoy.config.model.Listener.Match;
import buoy.config.model.Listener.PathMatch;
import buoy.config.model.Listener.Route;
import buoy.config.model.Listener.RouteTimeouts;
import buoy.config.model.Template;
import buoy.config.model.Template.Literal;
import buoy.config.model.Template.Variable;
import buoy.lb.kit.Peer;
import com.google.re2j.Pattern;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same routes, written for NGINX and for us, do the same with the same requests. */
class BesideNginxTest {
    private static final List<String> REQUESTS =
            List.of(
                    "GET /exact",
                    "GET /exact/below",
                    "HEAD /exact",
                    "GET /old?a=b",
                    "GET /old/below",
                    "GET /older",
                    "GET /user/7",
                    "GET /user/%37",
                    "GET /x/../user/7",
                    "GET /user/7/x",
                    "GET /user/x",
                    "GET /api/x?q=/api/",
                    "GET /api/",
                    "GET /apix",
                    "DELETE /api/x",
                    "GET /query?x=1&v=2",
                    "GET /query?v=22",
                    "GET /");

    /** What came of a request: the status, where it led, what our change added, and who got it. */
    private static String outcome(String request, int port, Origin origin) throws Exception {
        try (Caller caller = new Caller(port)) {
            caller.send(request + " HTTP/1.1\nHost: a\nConnection: close\n\n");
            String answer = caller.rest().replace("\r\n", "\n");
            String status = answer.split(" ", 3)[1];
            String reached = status.equals("299") ? origin.received().split(" ", 3)[1] : "nobody";
            return "%s: %s to %s, X-Via-Test %s, reached %s"
                    .formatted(
                            request,
                            status,
                            field(answer, "Location"),
                            field(answer, "X-Via-Test"),
                            reached);
        }
    }

    private static String field(String answer, String name) {
        return answer.lines()
                .filter(line -> line.startsWith(name + ": "))
                .map(line -> line.substring(name.length() + 2))
                .findFirst()
                .orElse("none");
    }

    /** Answers with a status that nobody else gives. */
    private static Origin origin() throws IOException {
        return new Origin(
                talk -> {
                    while (!talk.head().isEmpty()) {
                        talk.write("HTTP/1.1 299 There\r\nContent-Length: 0\r\n\r\n");
                    }
                });
    }

    @Test
    void routesDoTheSame(@TempDir Path directory) throws Exception {
        assumeThat(Peer.NGINX).exists();
        int port = Peer.freePort();
        try (Origin origin = origin();
                Proxy proxy = buoy(origin.port());
                Peer _ = nginx(port, directory, origin.port())) {
            for (String request : REQUESTS) {
                assertThat(outcome(request, proxy.port, origin))
                        .isEqualTo(outcome(request, port, origin));
            }
        }
    }

    private static Proxy buoy(int origin) throws Exception {
        Proxy.Setup setup =
                Proxy.to(origin)
                        .route(
                                asking(
                                        new Conditions(
                                                Set.of("DELETE"), Map.of(), Map.of(), List.of())),
                                new Action.Respond(405, "no"))
                        .route(on(new PathMatch.Exact("/exact")), new Action.Respond(204, ""))
                        .route(
                                on(new PathMatch.Prefix("/old")),
                                new Action.Redirect(
                                        new Template(
                                                List.of(
                                                        new Literal("https://"),
                                                        Variable.HOST,
                                                        new Literal("/new?"),
                                                        Variable.QUERY)),
                                        301))
                        .route(
                                on(new PathMatch.Regex(Pattern.compile("/user/[0-9]+"))),
                                new Action.Respond(403, "no"))
                        .route(
                                new Route(
                                        on(new PathMatch.Prefix("/api")),
                                        new Action.ToPool("app"),
                                        Optional.of("/api"),
                                        RouteTimeouts.NONE))
                        .route(
                                asking(
                                        new Conditions(
                                                Set.of(), Map.of(), Map.of("v", "2"), List.of())),
                                new Action.Respond(410, "gone"))
                        .route(Match.ANY, new Action.ToPool("app"));
        setup.changes =
                new Listener.Headers(
                        FieldChanges.NONE,
                        new FieldChanges(
                                Map.of(),
                                Map.of(
                                        "X-Via-Test",
                                        new Template(
                                                List.of(
                                                        Variable.METHOD,
                                                        new Literal(" "),
                                                        Variable.URI,
                                                        new Literal(" "),
                                                        Variable.SCHEME,
                                                        new Literal(" "),
                                                        Variable.CLIENT_ADDRESS))),
                                Set.of()));
        return setup.start();
    }

    private static Match on(PathMatch path) {
        return new Match(Optional.empty(), Optional.of(path), Conditions.NONE);
    }

    private static Match asking(Conditions conditions) {
        return new Match(Optional.empty(), Optional.empty(), conditions);
    }

    private static Peer nginx(int port, Path directory, int origin) throws IOException {
        return Peer.nginx(
                port,
                directory,
                """
                server {
                  listen 127.0.0.1:%1$d;
                  add_header X-Via-Test "$request_method $request_uri $scheme $remote_addr" always;
                  if ($request_method = DELETE) { return 405; }
                  location = /exact { return 204; }
                  location = /old { return 301 https://$host/new?$args; }
                  location /old/ { return 301 https://$host/new?$args; }
                  location ~ ^/user/[0-9]+$ { return 403; }
                  location = /api { proxy_pass http://127.0.0.1:%2$d/; }
                  location /api/ { proxy_pass http://127.0.0.1:%2$d/; }
                  location / {
                    if ($arg_v = 2) { return 410; }
                    proxy_pass http://127.0.0.1:%2$d;
                  }
                }
                """
                        .formatted(port, origin));
    }
}
