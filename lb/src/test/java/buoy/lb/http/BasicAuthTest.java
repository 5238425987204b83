package buoy.lb.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.AccessLog;
import buoy.config.model.BasicAuth;
import buoy.config.model.Listener;
import buoy.config.model.Secret;
import buoy.lb.kit.Await;
import buoy.lb.pool.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code basic-auth}: RFC 7617. */
class BasicAuthTest {
    private static final BasicAuth AUTH =
            new BasicAuth(
                    "admin area",
                    new BasicAuth.Users(
                            Map.of(
                                    "ann",
                                    new Secret(
                                            "$2y$04$vrKIg1Nvz9b7XuIv8TX5uuKoBD8zIElVZFNAJ6CVVozpXMj/mfbzC"))));

    @TempDir Path directory;

    private static Proxy.Setup guarded(Origin origin, Listener.Action action) {
        return Proxy.to(origin.port())
                .route(
                        new Listener.Route(
                                Listener.Match.ANY,
                                action,
                                Optional.empty(),
                                Listener.RouteTimeouts.NONE,
                                new Listener.Guard(Optional.empty(), Optional.of(AUTH))));
    }

    private static Proxy.Setup guarded(Origin origin) {
        return guarded(origin, new Listener.Action.ToPool("app"));
    }

    private static String as(String name, String password) {
        return "Authorization: Basic "
                + Base64.getEncoder().encodeToString((name + ":" + password).getBytes(UTF_8))
                + "\n";
    }

    private static final String ANN = as("ann", "p:ä w");

    private static String get(String more) {
        return "GET / HTTP/1.1\nHost: a\n" + more + "\n";
    }

    @Test
    void whoNamesNobodyIsAskedToAndNoServerHearsOfIt() throws Exception {
        try (Origin origin = Origin.answering("x");
                Proxy proxy = guarded(origin).start();
                Caller caller = proxy.call()) {
            assertThat(caller.send(get("")).response())
                    .startsWith("HTTP/1.1 401 Unauthorized\n")
                    .contains("WWW-Authenticate: Basic realm=\"admin area\", charset=\"UTF-8\"\n")
                    .endsWith("401 unauthorized\n");
            assertThat(caller.send(get("Authorization: Bearer abc\n")).response())
                    .startsWith("HTTP/1.1 401 ");
            assertThat(caller.send(get(as("ann", "wrong"))).response()).startsWith("HTTP/1.1 401 ");
            assertThat(caller.send(get(as("bob", "p:ä w"))).response()).startsWith("HTTP/1.1 401 ");
            // Which of two a server would take is not ours to guess.
            assertThat(caller.send(get(ANN + as("bob", "x"))).response())
                    .startsWith("HTTP/1.1 401 ");
            assertThat(origin.receivedNothing()).isTrue();
            assertThat(proxy.failed(Reason.UNAUTHORIZED)).isEqualTo(5);
        }
    }

    @Test
    void whoIsRightGoesOnAndTheServerSeesWho() throws Exception {
        try (Origin origin = Origin.answering("x");
                Proxy proxy = guarded(origin).start();
                Caller caller = proxy.call()) {
            for (int i = 0; i < 3; i++) {
                assertThat(caller.send(get(ANN)).response()).endsWith("x");
                assertThat(origin.received()).contains(ANN);
            }
            assertThat(caller.send(get(as("ann", "wrong"))).response()).startsWith("HTTP/1.1 401 ");
        }
    }

    @Test
    void aBodyWaitsWithItsRequest() throws Exception {
        String body = "0123456789".repeat(30_000);
        try (Origin origin =
                        new Origin(
                                talk -> {
                                    talk.head();
                                    talk.ok(talk.read(body.length()).equals(body) ? "same" : "no");
                                    talk.ended();
                                });
                Proxy proxy = guarded(origin).start();
                Caller caller = proxy.call()) {
            caller.send(
                    "POST / HTTP/1.1\nHost: a\nContent-Length: "
                            + body.length()
                            + "\n"
                            + ANN
                            + "\n"
                            + body);
            assertThat(caller.response()).endsWith("same");
        }
    }

    @Test
    void pipelinedRequestsWaitInTheirOrder() throws Exception {
        try (Origin origin = Origin.answering("x");
                Proxy proxy = guarded(origin).start();
                Caller caller = proxy.call()) {
            caller.send(get(ANN) + get("") + get(ANN));
            assertThat(caller.response()).startsWith("HTTP/1.1 200 ");
            assertThat(caller.response()).startsWith("HTTP/1.1 401 ");
            assertThat(caller.response()).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void whoLeavesMeanwhileLeavesNothingBehind() throws Exception {
        try (Origin origin = Origin.answering("x");
                Proxy proxy = guarded(origin).start()) {
            for (int i = 0; i < 20; i++) {
                try (Caller caller = proxy.call()) {
                    caller.send(
                            "POST / HTTP/1.1\nHost: a\nContent-Length: 9\n"
                                    + as("ann", "wrong " + i)
                                    + "\nabc");
                }
            }
            Await.until("all are gone", () -> proxy.listening.connected() == 0);
            // What they showed may still be looked at, and takes their address's room until then.
            Await.until("their room is given back", () -> isServed(proxy));
        }
    }

    private static boolean isServed(Proxy proxy) {
        try (Caller caller = proxy.call()) {
            return caller.send(get(ANN)).response().endsWith("x");
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void itGuardsAnswersOfOurOwnToo() throws Exception {
        try (Origin origin = Origin.answering("x");
                Proxy proxy = guarded(origin, new Listener.Action.Respond(200, "in")).start();
                Caller caller = proxy.call()) {
            assertThat(caller.send(get("")).response()).startsWith("HTTP/1.1 401 ");
            assertThat(caller.send(get(ANN)).response()).endsWith("in");
        }
    }

    @Test
    void theAccessLogHasTheName() throws Exception {
        Path file = directory.resolve("access.log");
        try (Origin origin = Origin.answering("x")) {
            Proxy.Setup setup = guarded(origin);
            setup.accessLog =
                    Optional.of(
                            new AccessLog(
                                    new AccessLog.Format.Pattern(
                                            List.of(
                                                    AccessLog.Fact.USER,
                                                    new AccessLog.Literal(" "),
                                                    AccessLog.Fact.STATUS)),
                                    new AccessLog.Destination.File(file)));
            try (Proxy proxy = setup.start();
                    Caller caller = proxy.call()) {
                caller.send(get(ANN)).response();
                caller.send(get(as("m\"x", "wrong"))).response();
                caller.send(get("")).response();
                Await.until("three lines", () -> Files.exists(file) && file.toFile().length() > 20);
                assertThat(Files.readAllLines(file))
                        .containsExactly("ann 200", "m\\x22x 401", "- 401");
            }
        }
    }
}
