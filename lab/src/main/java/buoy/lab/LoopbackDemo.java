package buoy.lab;

import buoy.lab.app.AppServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What can be shown without root: one Buoy on loopback before two application servers. */
final class LoopbackDemo {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration CALM = Duration.ofSeconds(2);

    private LoopbackDemo() {}

    static boolean tell(Story story) {
        story.say("Buoy on loopback, before two application servers that this demo brings along.");
        List<Running> started = new ArrayList<>();
        try {
            Path directory = Files.createTempDirectory("buoy-demo-");
            try {
                return tell(story, directory, started);
            } finally {
                started.reversed().forEach(Running::kill);
                Finished.of("rm", "-rf", directory.toString()).orFail();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean tell(Story story, Path directory, List<Running> started)
            throws IOException {
        int port = freePort();
        Running app1 = app("app1", directory, started);
        Running app2 = app("app2", directory, started);
        Path configuration = directory.resolve("buoy.yaml");
        Files.writeString(
                configuration,
                """
                admin: {socket: %s}
                stats: {bind: 127.0.0.1:%d}
                listeners:
                  http: {bind: ["127.0.0.1:%d"], protocol: http, pool: app}
                pools:
                  app:
                    servers: {app1: "127.0.0.1:%d", app2: "127.0.0.1:%d"}
                    health: {http: {path: /api/health}, every: 1s, fast: 200ms}
                """
                        .formatted(
                                directory.resolve("admin.sock"),
                                freePort(),
                                port,
                                portOf(app1),
                                portOf(app2)),
                StandardCharsets.UTF_8);
        long start = System.nanoTime();
        Running buoy =
                start(
                        "buoy",
                        directory,
                        started,
                        List.of(BuoyDaemon.program(), "run", "-c", configuration.toString()));
        String url = "http://127.0.0.1:" + port + "/";
        LabClient client =
                LabClient.startHere(
                        directory.resolve("client.log"),
                        List.of("browse", "http", url, "200"),
                        List.of("ws", "ws", "ws://127.0.0.1:" + port + "/ws"));
        started.add(client.process());
        awaitSuccess(client, "http", Instant.EPOCH);
        awaitSuccess(client, "ws", Instant.EPOCH);
        story.chapter("HTTP and a WebSocket echo go through " + url);
        story.say(
                "first answer %s after `buoy run` started, this client's own start included"
                        .formatted(
                                Story.milliseconds(Duration.ofNanos(System.nanoTime() - start))));
        Instant calm = Instant.now();
        Await.pass(CALM);
        report(story, client, calm);

        story.chapter("An application server dies (SIGKILL)");
        Instant from = Instant.now();
        app1.kill();
        awaitSuccess(client, "http", Instant.now());
        awaitSuccess(client, "ws", Instant.now());
        Await.pass(CALM);
        report(story, client, from);
        client.stop();
        return buoy.stop(PATIENCE) == 0;
    }

    private static void report(Story story, LabClient client, Instant from) {
        story.fared("HTTP, 200 a second", client.attempts("http"), from, Instant.now());
        story.fared("WebSocket echo, one", client.attempts("ws"), from, Instant.now());
    }

    private static void awaitSuccess(LabClient client, String role, Instant since) {
        Await.until(
                PATIENCE,
                "a success of " + role,
                () -> client.attempts(role).firstSuccessBegunAfter(since).isPresent());
    }

    private static Running app(String name, Path directory, List<Running> started)
            throws IOException {
        List<String> command = new ArrayList<>(ChildJvm.command(AppServer.class));
        command.addAll(List.of(name, "0"));
        return start(name, directory, started, command);
    }

    private static Running start(
            String name, Path directory, List<Running> started, List<String> command)
            throws IOException {
        Running running = Running.startHere(name, directory.resolve(name + ".log"), command);
        started.add(running);
        return running;
    }

    private static int portOf(Running app) {
        app.awaitOutput("serving on port ", PATIENCE);
        return Integer.parseInt(app.output().strip().replaceFirst(".*port ", ""));
    }

    /** One that nobody listens on at this moment. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
