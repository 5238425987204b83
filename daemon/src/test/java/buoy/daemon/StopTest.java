package buoy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The end of a process that has clients of this host's own addresses. */
class StopTest {
    @TempDir Path directory;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    private ExitCode stop(Site site) {
        PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
        return new Main(out, out, Map.of())
                .execute(System.nanoTime(), "stop", "--socket", site.socket.toString());
    }

    @Test
    void newClientsAreServedUntilTheEarlierOnesHaveGoneAndNobodyIsCut() throws Exception {
        try (Site site = new Site(directory)) {
            // Longer than anything here waits.
            Files.writeString(
                    site.config,
                    Files.readString(site.config)
                            .replace("routes:", "timeouts: {headers: 10m}, routes:"));
            site.add("process", "drain: 10m");
            try (Child buoy = Child.running(directory, site.config)) {
                Child.await("the first served request", () -> status(site) == 200);
                CompletableFuture<HttpResponse<String>> slow =
                        CompletableFuture.supplyAsync(() -> get(site, "/slow"));
                assertThat(site.slowAsked.await(60, TimeUnit.SECONDS)).isTrue();
                buoy.signal("TERM");
                buoy.awaitLog("clients are asked to go");

                assertThat(status(site)).isEqualTo(200);
                try (Socket late = new Socket(InetAddress.getLoopbackAddress(), site.http)) {
                    late.setSoTimeout(60_000);
                    write(late, "GET / HTTP/1.1\r\n");
                    site.slow.countDown();
                    assertThat(slow.get().statusCode()).isEqualTo(200);
                    Child.await("the door to be closed", () -> isRefused(site.http));
                    assertThat(buoy.alive()).isTrue();
                    write(late, "Host: app.example\r\n\r\n");
                    assertThat(line(late)).isEqualTo("HTTP/1.1 200 OK");
                }
                assertThat(buoy.exitCode()).isZero();
                assertThat(buoy.out()).doesNotContain("they are cut");
            }
        }
    }

    /** As in a container whose first process asks nobody how they ended. */
    @Test
    void whatNobodyAsksHowItEndedHasEnded() throws Exception {
        try (Site site = new Site(directory)) {
            Path log = directory.resolve("log");
            Process shell =
                    new ProcessBuilder(
                                    "sh",
                                    "-c",
                                    Child.command("run", "-c", site.config.toString())
                                            + " & exec sleep 600")
                            .redirectOutput(log.toFile())
                            .redirectErrorStream(true)
                            .start();
            try {
                Child.await("its start", () -> isReady(log));
                CompletableFuture<ExitCode> stop = CompletableFuture.supplyAsync(() -> stop(site));
                Child.await("its end", stop::isDone);
                assertThat(stop.get()).isEqualTo(ExitCode.DONE);
                assertThat(said.toString(StandardCharsets.UTF_8)).isEqualTo("stopped\n");
            } finally {
                shell.descendants().forEach(ProcessHandle::destroyForcibly);
                shell.destroy();
            }
        }
    }

    private static boolean isReady(Path log) {
        try {
            return Files.readString(log).contains("start: ready");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static HttpResponse<String> get(Site site, String path) {
        try {
            return Child.get(site.http, path);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** 0 where nobody listens yet. */
    private static int status(Site site) {
        try {
            return Child.get(site.http, "/").statusCode();
        } catch (ConnectException _) {
            return 0;
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean isRefused(int port) {
        try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return false;
        } catch (ConnectException _) {
            return true;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void write(Socket to, String text) throws IOException {
        to.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String line(Socket from) throws IOException {
        return new BufferedReader(
                        new InputStreamReader(from.getInputStream(), StandardCharsets.US_ASCII))
                .readLine();
    }
}
