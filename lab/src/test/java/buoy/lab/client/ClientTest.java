package buoy.lab.client;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.lab.Await;
import buoy.lab.app.AppServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The client's roles against the lab's own application, on loopback. */
class ClientTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void anAnsweringServerGivesSuccessesWithItsName() throws IOException, InterruptedException {
        var written = new ByteArrayOutputStream();
        Journal journal = new Journal(new PrintStream(written, true, StandardCharsets.UTF_8));
        try (AppServer server = AppServer.start("app1", "127.0.0.1", 0)) {
            Role load = load(server, "/slow?ms=5", journal);
            Role talk =
                    new WebSocketTalk(
                            "ws",
                            "ws://127.0.0.1:" + server.port() + "/ws",
                            Optional.empty(),
                            journal);
            Thread loading = start(load);
            Thread talking = start(talk);
            await(written, journal, "http", 50);
            await(written, journal, "ws", 5);
            load.stop();
            talk.stop();
            loading.join();
            talking.join();
        }
        Attempts attempts = attempts(written, journal);
        assertThat(attempts.failures().all()).isEmpty();
        assertThat(attempts.of("http").all()).extracting(Attempt::detail).containsOnly("app1");
    }

    @Test
    void aServerThatIsGoneGivesRefusedConnects() throws IOException, InterruptedException {
        var written = new ByteArrayOutputStream();
        Journal journal = new Journal(new PrintStream(written, true, StandardCharsets.UTF_8));
        AppServer server = AppServer.start("app1", "127.0.0.1", 0);
        server.close();
        Role load = load(server, "/", journal);
        Thread loading = start(load);
        await(written, journal, "http", 5);
        load.stop();
        loading.join();
        assertThat(attempts(written, journal).reasons()).containsOnlyKeys("connect-refused");
    }

    private static Role load(AppServer server, String path, Journal journal) throws IOException {
        Target target = Target.of("http://127.0.0.1:" + server.port() + path, Optional.empty());
        return new HttpLoad("http", target, 200, HttpLoad.Manner.STRICT, journal);
    }

    private static Thread start(Role role) {
        return Thread.ofPlatform()
                .start(
                        () -> {
                            try {
                                role.run();
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        });
    }

    private static void await(
            ByteArrayOutputStream written, Journal journal, String role, int atLeast) {
        Await.until(
                PATIENCE,
                atLeast + " attempts of " + role,
                () -> attempts(written, journal).of(role).size() >= atLeast);
    }

    private static Attempts attempts(ByteArrayOutputStream written, Journal journal) {
        journal.flush();
        return new Attempts(
                written.toString(StandardCharsets.UTF_8)
                        .lines()
                        .map(Attempt::parse)
                        .flatMap(Optional::stream)
                        .toList());
    }
}
