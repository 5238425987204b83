package buoy.lb.http;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Config;
import buoy.config.model.Endpoint;
import buoy.config.model.Health;
import buoy.config.model.Pool;
import buoy.lb.Secured;
import buoy.lb.kit.Authority;
import buoy.lb.kit.Await;
import buoy.lb.kit.Configs;
import buoy.lb.kit.Running;
import buoy.lb.kit.TestServer;
import buoy.lb.pool.Reason;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exchanges within TLS towards the servers. */
class HttpsToServersTest {
    private static final String BODY = "x".repeat(100_000);

    @TempDir static Path directory;

    private static Authority authority;

    @BeforeAll
    static void certificates() throws Exception {
        authority = new Authority(directory);
        var _ = authority.pair("app", "DNS:app.internal");
        var _ = authority.pair("stranger", "DNS:stranger.internal");
    }

    /** Keeps the connection, but for /end, whose body ends with it. */
    private static void serve(Socket socket) throws IOException {
        BufferedReader in =
                new BufferedReader(
                        new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            boolean keeps = !line.startsWith("GET /end ");
            for (String field = line; !field.isEmpty(); field = in.readLine()) {}
            String head =
                    "HTTP/1.1 200 OK\r\n"
                            + (keeps ? "Content-Length: " + BODY.length() : "Connection: close")
                            + "\r\n\r\n";
            socket.getOutputStream().write((head + BODY).getBytes(StandardCharsets.US_ASCII));
            if (!keeps) {
                return;
            }
        }
    }

    private static TestServer server(String certificate) throws Exception {
        return TestServer.start(authority.serving(certificate, HttpsToServersTest::serve));
    }

    private static Config config(Optional<Health> health, Endpoint... servers) {
        return Configs.of(
                List.of(Configs.http("web", List.of(Configs.loopback(0)), "app")),
                List.of(
                        Configs.pool(
                                "app",
                                new Pool.Balance.RoundRobin(),
                                health,
                                Pool.OnDown.KEEP_SESSIONS,
                                servers)));
    }

    private static Secured towards() {
        return Authority.towards("app", authority.towards("app.internal"));
    }

    private static void assertServed(Running buoy, String path) throws Exception {
        try (Caller caller = new Caller(buoy.port("web"))) {
            caller.raw(
                    "GET " + path + " HTTP/1.1\r\nHost: app.example\r\nConnection: close\r\n\r\n");
            assertThat(caller.head()).startsWith("HTTP/1.1 200 OK");
            assertThat(caller.rest())
                    .contains(BODY.substring(0, 1000))
                    .hasSizeGreaterThanOrEqualTo(BODY.length());
        }
    }

    @Test
    void exchangesPassAndTheConnectionIsKept() throws Exception {
        try (TestServer server = server("app");
                Running buoy =
                        Running.start(config(Optional.empty(), server.endpoint()), towards());
                Caller caller = new Caller(buoy.port("web"))) {
            for (int i = 0; i < 3; i++) {
                caller.raw("GET / HTTP/1.1\r\nHost: app.example\r\n\r\n");
                assertThat(caller.head()).startsWith("HTTP/1.1 200 OK");
                assertThat(caller.read(BODY.length())).isEqualTo(BODY);
            }
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    @Test
    void aBodyMayEndWithTheConnection() throws Exception {
        try (TestServer server = server("app");
                Running buoy =
                        Running.start(config(Optional.empty(), server.endpoint()), towards())) {
            assertServed(buoy, "/end");
            Await.until("it is over", () -> buoy.listener("web").totals().finished() == 1);
            assertThat(buoy.listener("web").totals().failures()).isEmpty();
        }
    }

    /** RFC 9112 9.8: anybody on the way could have ended it. */
    @Test
    void aBodyThatEndsWithoutAWordOfTheServerIsCutToo() throws Exception {
        SSLContext context = authority.context(Optional.of("app"));
        TestServer.Service cutting =
                socket -> {
                    var secured =
                            (SSLSocket) context.getSocketFactory().createSocket(socket, null, true);
                    assertThat(secured.getInputStream().read()).isPositive();
                    secured.getOutputStream()
                            .write(
                                    "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhalf"
                                            .getBytes(StandardCharsets.US_ASCII));
                    socket.shutdownOutput();
                };
        try (TestServer server = TestServer.start(cutting);
                Running buoy =
                        Running.start(config(Optional.empty(), server.endpoint()), towards());
                Caller caller = new Caller(buoy.port("web"))) {
            caller.raw("GET / HTTP/1.1\r\nHost: app.example\r\n\r\n");
            Await.until("it has failed", () -> buoy.listener("web").totals().failed() == 1);
            assertThat(buoy.listener("web").totals().failures().keySet())
                    .containsAnyOf(Reason.SERVER_CLOSED, Reason.SERVER_RESET);
        }
    }

    @Test
    void aServerThatIsNotWhoItShouldBeIsNotAsked() throws Exception {
        try (TestServer wrong = server("stranger");
                Running buoy =
                        Running.start(config(Optional.empty(), wrong.endpoint()), towards());
                Caller caller = new Caller(buoy.port("web"))) {
            caller.raw("GET / HTTP/1.1\r\nHost: app.example\r\n\r\n");
            assertThat(caller.head()).startsWith("HTTP/1.1 502");
            assertThat(buoy.listener("web").totals().failures())
                    .isEqualTo(Map.of(Reason.SERVER_TLS_FAILED, 1L));
        }
    }

    @Test
    void checksSpeakTlsToo() throws Exception {
        Health health =
                Configs.health(
                        new Health.Probe.Http(
                                "GET",
                                "/health",
                                new Health.StatusRange(200, 200),
                                Optional.empty(),
                                Optional.empty(),
                                OptionalInt.empty()));
        try (TestServer right = server("app");
                TestServer wrong = server("stranger");
                Running buoy =
                        Running.start(
                                config(Optional.of(health), right.endpoint(), wrong.endpoint()),
                                towards())) {
            Await.until("one is up", () -> buoy.up("app") == 1);
            assertThat(buoy.server("app", "s1").health().isUp()).isTrue();
            assertThat(buoy.server("app", "s2").health().why()).contains("TLS: ", "app.internal");
            assertServed(buoy, "/");
        }
    }
}
