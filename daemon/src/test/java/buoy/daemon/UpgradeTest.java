package buoy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One program takes the place of another, in processes of their own, under load. */
class UpgradeTest {
    /** More by {@code -Dbuoy.upgrades=20}: each starts a program. */
    private static final int UPGRADES = Integer.getInteger("buoy.upgrades", 3);

    @TempDir Path directory;

    /** Who has the place is named by the lock. */
    private static long holder(Site site) {
        try {
            String text =
                    Files.readString(
                            site.socket.resolveSibling(site.socket.getFileName() + ".lock"));
            return Long.parseLong(text.trim());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void signal(long process) throws IOException, InterruptedException {
        Process kill =
                new ProcessBuilder("kill", "-USR2", String.valueOf(process)).inheritIO().start();
        assertThat(kill.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(kill.exitValue()).isZero();
    }

    /** Whoever started it may not have asked how it ended yet. */
    private static boolean isGone(long process) {
        try {
            String stat = Files.readString(Path.of("/proc", String.valueOf(process), "stat"));
            return stat.substring(stat.lastIndexOf(')')).startsWith(") Z");
        } catch (IOException _) {
            return true;
        }
    }

    private static int count(Child buoy, String text) {
        return buoy.out().split(text, -1).length - 1;
    }

    /** Ends the last of them, which is no child of this process. */
    private static void stop(Site site) {
        ProcessHandle.of(holder(site))
                .ifPresent(
                        last -> {
                            ExitCode code =
                                    new Main(
                                                    new PrintStream(new ByteArrayOutputStream()),
                                                    System.err,
                                                    Map.of())
                                            .execute(
                                                    System.nanoTime(),
                                                    "stop",
                                                    "--socket",
                                                    site.socket.toString());
                            if (code != ExitCode.DONE) {
                                last.destroyForcibly();
                            }
                        });
    }

    private Site siteWhereNobodyIsCut() throws IOException {
        Site site = new Site(directory);
        Files.writeString(site.config, "process: {drain: 10m}\n", StandardOpenOption.APPEND);
        return site;
    }

    @Test
    void noRequestIsLostAndWhatIsUnderWayEnds() throws Exception {
        try (Site site = siteWhereNobodyIsCut();
                Child buoy = Child.running(directory, site.config)) {
            Child.await("the first served request", () -> served(site.http));
            try (Load load = new Load(site.http)) {
                CompletableFuture<Integer> slow =
                        CompletableFuture.supplyAsync(() -> status(site.http, "/slow"));
                assertThat(site.slowAsked.await(60, TimeUnit.SECONDS)).isTrue();
                for (int i = 1; i <= UPGRADES; i++) {
                    long before = holder(site);
                    int upgrades = i;
                    int asked = load.answered.get();
                    signal(before);
                    Child.await("upgrade " + i, () -> count(buoy, "ready after") == upgrades + 1);
                    assertThat(holder(site)).isNotEqualTo(before);
                    Child.await("more answers", () -> load.answered.get() > asked + 100);
                    assertThat(status(site.stats, "/healthz")).isEqualTo(200);
                    if (i == 1) {
                        assertThat(buoy.alive()).as("it has an exchange under way").isTrue();
                        site.slow.countDown();
                        assertThat(slow.get(60, TimeUnit.SECONDS)).isEqualTo(200);
                        assertThat(buoy.exitCode()).isZero();
                    }
                    Child.await("the old one to end", () -> isGone(before));
                }
                load.end();
                assertThat(load.failures).as("of %s requests", load.answered).isEmpty();
            } finally {
                stop(site);
            }
        }
    }

    @Test
    void aProgramThatDoesNotStartChangesNothing() throws Exception {
        try (Site site = new Site(directory);
                Child buoy = Child.running(directory, site.config)) {
            Child.await("the first served request", () -> served(site.http));
            try (Load load = new Load(site.http)) {
                long before = holder(site);
                site.write("no-such-pool");
                signal(before);
                buoy.awaitLog("the new program did not take over, what ran goes on");
                assertThat(buoy.out()).contains("exit code 3");
                assertThat(buoy.err()).contains("no-such-pool");
                assertThat(holder(site)).isEqualTo(before);
                int asked = load.answered.get();
                Child.await("more answers", () -> load.answered.get() > asked + 100);
                load.end();
                assertThat(load.failures).isEmpty();
            } finally {
                stop(site);
            }
            assertThat(buoy.exitCode()).isZero();
        }
    }

    private static boolean served(int port) {
        return status(port, "/") == 200;
    }

    private static int status(int port, String path) {
        try {
            return Child.get(port, path).statusCode();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** One client that connects anew for each request, without a second try. */
    private static final class Load implements AutoCloseable {
        final Queue<String> failures = new ConcurrentLinkedQueue<>();
        final AtomicInteger answered = new AtomicInteger();
        private final AtomicBoolean ended = new AtomicBoolean();
        private final int port;
        private final Thread thread;

        Load(int port) {
            this.port = port;
            this.thread = Thread.ofPlatform().daemon().start(this::run);
        }

        private void run() {
            while (!ended.get()) {
                try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                    socket.setSoTimeout(60_000);
                    socket.getOutputStream()
                            .write(
                                    "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
                                            .getBytes(StandardCharsets.US_ASCII));
                    String answer =
                            new String(
                                    socket.getInputStream().readAllBytes(),
                                    StandardCharsets.US_ASCII);
                    if (answer.startsWith("HTTP/1.1 200 ") && answer.endsWith("hello\n")) {
                        answered.incrementAndGet();
                    } else {
                        failures.add(answer);
                    }
                } catch (IOException e) {
                    failures.add(e.toString());
                }
            }
        }

        @Override
        public void close() {
            end();
        }

        /** Waits for the answer under way. */
        void end() {
            ended.set(true);
            try {
                thread.join();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
