package buoy.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import buoy.config.model.BasicAuth.Users;
import buoy.config.model.Endpoint;
import buoy.config.model.LogSettings;
import buoy.config.model.Secret;
import buoy.config.model.StatsSettings;
import buoy.daemon.admin.Answer;
import buoy.daemon.admin.DoorLoop;
import buoy.daemon.admin.DoorRefused;
import buoy.daemon.admin.Visitor;
import buoy.daemon.log.Log;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StatsDoorTest {
    private final DoorLoop loop = new DoorLoop();
    private final Queue<String> tokens = new ConcurrentLinkedQueue<>();
    private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
    private final Log log =
            Log.open(
                    new LogSettings(LogSettings.Level.INFO, LogSettings.Format.TEXT),
                    new PrintStream(logged, true, StandardCharsets.UTF_8));
    private Endpoint here;
    private StatsDoor door;

    @BeforeEach
    void open() throws Exception {
        here = endpoint("127.0.0.1", Site.freePort());
        door =
                new StatsDoor(
                        loop,
                        new StatsSettings(here),
                        request -> {
                            tokens.add(request.visitor().flatMap(Visitor::token).orElse("none"));
                            return CompletableFuture.completedFuture(Answer.text(200, "ok\n"));
                        },
                        log);
    }

    private String logged() {
        log.close();
        return logged.toString(StandardCharsets.UTF_8);
    }

    @AfterEach
    void close() {
        door.close();
        loop.close();
    }

    private static Endpoint endpoint(String host, int port) throws IOException {
        return new Endpoint(InetAddress.getByName(host), port);
    }

    private static boolean answers(Endpoint endpoint) {
        try (Socket _ = new Socket(endpoint.address(), endpoint.port())) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    @Test
    void bothAnswerUntilTheMoveIsDecided() throws Exception {
        Endpoint there = endpoint("127.0.0.1", Site.freePort());
        door.prepare(new StatsSettings(there));
        assertThat(answers(here)).isTrue();
        assertThat(answers(there)).isTrue();
        door.commit(new StatsSettings(there));
        assertThat(answers(here)).isFalse();
        assertThat(answers(there)).isTrue();
    }

    @Test
    void aMoveTakenBackLeavesTheOldOneOpen() throws Exception {
        for (Endpoint there :
                new Endpoint[] {
                    endpoint("127.0.0.1", Site.freePort()), endpoint("0.0.0.0", here.port())
                }) {
            door.prepare(new StatsSettings(there));
            door.rollback(new StatsSettings(there));
            assertThat(answers(here)).as("after %s", there).isTrue();
        }
    }

    @Test
    void theSamePortOnAllAddressesIsAMoveToo() throws Exception {
        Endpoint everywhere = endpoint("0.0.0.0", here.port());
        door.prepare(new StatsSettings(everywhere));
        door.commit(new StatsSettings(everywhere));
        assertThat(answers(endpoint("127.0.0.2", here.port()))).isTrue();
    }

    @Test
    void aRefusedMoveChangesNothing() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, here.address())) {
            Endpoint there = endpoint("127.0.0.1", taken.getLocalPort());
            assertThatThrownBy(() -> door.prepare(new StatsSettings(there)))
                    .isInstanceOf(DoorRefused.class);
            assertThat(answers(here)).isTrue();
        }
    }

    // ---- who may come in ----

    private static StatsSettings guarded(Endpoint at) {
        return new StatsSettings(
                at,
                Optional.of(
                        new Users(
                                Map.of(
                                        "ops",
                                        new Secret("$apr1$DY7C/G3Z$t6Ngn2PIwNhQKnoNcP8sx/")))),
                false);
    }

    private static StatsSettings acting(StatsSettings settings) {
        return new StatsSettings(settings.bind(), settings.users(), true);
    }

    private static int status(Endpoint at, String path, String pair) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://" + at + path))
                        .timeout(Duration.ofSeconds(20));
        if (!pair.isEmpty()) {
            request.header(
                    "Authorization",
                    "Basic "
                            + Base64.getEncoder()
                                    .encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), BodyHandlers.ofString()).statusCode();
        }
    }

    @Test
    void whoHasToLogInIsLetInWithTheRightPasswordAlone() throws Exception {
        assertThat(status(here, "/", "")).isEqualTo(200);
        StatsSettings opsAlone = guarded(here);
        door.prepare(opsAlone);
        assertThat(status(here, "/", "")).as("before it is decided").isEqualTo(401);
        door.rollback(opsAlone);
        assertThat(status(here, "/", "")).isEqualTo(200);
        door.prepare(opsAlone);
        door.commit(opsAlone);
        for (String path :
                new String[] {"/", "/metrics", "/api/v1/status", "/healthz/", "//healthz"}) {
            assertThat(status(here, path, "")).as(path).isEqualTo(401);
        }
        assertThat(status(here, "/healthz", "")).isEqualTo(200);
        assertThat(status(here, "/", "ops:wrong")).isEqualTo(401);
        assertThat(status(here, "/", "root:secret")).isEqualTo(401);
        assertThat(status(here, "/", "ops:secret")).isEqualTo(200);
        assertThat(status(here, "/metrics", "ops:secret")).as("known by now").isEqualTo(200);
        door.prepare(new StatsSettings(here));
        assertThat(status(here, "/", "")).as("before it is decided").isEqualTo(401);
        door.commit(new StatsSettings(here));
        assertThat(status(here, "/", "")).isEqualTo(200);
    }

    @Test
    void anAddressThatMovesOutIsNeverOpenToAnybody() throws Exception {
        StatsSettings outside = guarded(endpoint("127.0.0.1", Site.freePort()));
        door.prepare(outside);
        assertThat(status(outside.bind(), "/", "")).isEqualTo(401);
        door.commit(outside);
        assertThat(status(outside.bind(), "/", "")).isEqualTo(401);
        assertThat(status(outside.bind(), "/", "ops:secret")).isEqualTo(200);
    }

    @Test
    void whoTriesManyPasswordsHasToWaitAndThoseWhoAreInStayIn() throws Exception {
        door.prepare(guarded(here));
        door.commit(guarded(here));
        assertThat(status(here, "/", "ops:secret")).isEqualTo(200);
        for (int i = 1; i < StatsLogin.AT_ONCE; i++) {
            assertThat(status(here, "/", "ops:guess-" + i)).isEqualTo(401);
        }
        for (String pair : new String[] {"ops:guess", "ops:secret ", "secret:ops", "x:y"}) {
            assertThat(status(here, "/", pair)).as(pair).isEqualTo(429);
        }
        assertThat(status(here, "/", "ops:secret")).isEqualTo(200);
        assertThat(status(here, "/healthz", "")).isEqualTo(200);
        assertThat(logged())
                .containsOnlyOnce("too many passwords from 127.0.0.1")
                .contains("wrong password for ops, from 127.0.0.1")
                .doesNotContain("guess", "secret");
    }

    @Test
    void aNameThatIsNoUsersIsNotLogged() throws Exception {
        door.prepare(guarded(here));
        door.commit(guarded(here));
        assertThat(status(here, "/", "my-password:ops")).isEqualTo(401);
        assertThat(logged())
                .contains("wrong password for a user that is not configured")
                .doesNotContain("my-password");
    }

    @Test
    void whoMayActIsToldByATokenOfHisOwnWhileBothConfigurationsWantIt() throws Exception {
        StatsSettings looking = guarded(here);
        door.prepare(looking);
        door.commit(looking);
        status(here, "/", "ops:secret");
        door.prepare(acting(looking));
        status(here, "/", "ops:secret");
        assertThat(tokens).containsExactly("none", "none");
        door.commit(acting(looking));
        status(here, "/", "ops:secret");
        status(here, "/metrics", "ops:secret");
        assertThat(tokens)
                .hasSize(4)
                .endsWith(tokens.stream().skip(2).limit(1).toArray(String[]::new));
        assertThat(tokens.stream().skip(2)).doesNotContain("none");
        door.prepare(looking);
        status(here, "/", "ops:secret");
        assertThat(tokens.stream().skip(4)).containsExactly("none");
        door.rollback(looking);
        status(here, "/", "ops:secret");
        assertThat(tokens.stream().skip(5)).doesNotContain("none");
    }

    /** As a listener with TLS before it passes it on. */
    private String underAnotherName() throws IOException {
        try (Socket socket = new Socket(here.address(), here.port())) {
            socket.getOutputStream()
                    .write(
                            "GET / HTTP/1.1\r\nHost: stats.example.org\r\nConnection: close\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    @Test
    void anyNameWillDoWhereOneHasToLogIn() throws Exception {
        assertThat(underAnotherName()).startsWith("HTTP/1.1 421 ");
        door.prepare(guarded(here));
        assertThat(underAnotherName()).startsWith("HTTP/1.1 401 ");
    }
}
