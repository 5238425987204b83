package buoy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.lab.client.Attempts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Reload after reload under load, each with other servers, another listener and other routes:
 * nothing fails, and nothing is left behind. The heap is so small that a few configurations kept
 * alive would end the process, which gives up when it is full.
 */
@Alone
@Needs(
        value = {"curl"},
        buoy = true)
class ManyReloadsIT {
    private static final String LB = "198.51.100.1";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Servers that nobody is sent to; all of them are others after each reload. */
    private static final int FAR = 400;

    /** Of what the virtual machine opens and starts by itself as time goes by. */
    private static final int BY_ITSELF = 12;

    /**
     * What the process may grow by, in KiB: compiled code, what drains for a second after each of
     * some forty reloads, and the room that a collector lets itself have. A thousand configurations
     * kept alive would be six times that.
     */
    private static final long MOST_GROWTH = 128 * 1024;

    @Test
    void fiftyInARowLeakNothingAndDropNothing() {
        pass(50);
    }

    @Tag("soak")
    @Test
    void norDoAThousand() {
        pass(1000);
    }

    private static void pass(int reloads) {
        try (Lan lan = Lan.open("reloads")) {
            Host lb = lan.host("lb", LB + "/24");
            for (int i = 1; i <= 2; i++) {
                Scenario2.serve(lan.host("app" + i, "198.51.100.1" + i + "/24"));
            }
            BuoyDaemon buoy =
                    BuoyDaemon.start(lb, yaml(0), List.of("env", "BUOY_JAVA_OPTS=-Xmx40m"));
            // What the first reloads and requests make once, they have made.
            under(lan, "warm", buoy, 1, 10);
            awaitRest(buoy, 12);
            int files = entries(buoy, "fd");
            int threads = entries(buoy, "task");
            long memory = buoy.process().residentKib();

            Attempts all = under(lan, "client", buoy, 13, reloads);

            awaitRest(buoy, 13 + reloads);
            Await.until(
                    PATIENCE,
                    "files and threads as before (%d, %d)".formatted(files, threads),
                    () ->
                            entries(buoy, "fd") <= files + BY_ITSELF
                                    && entries(buoy, "task") <= threads + BY_ITSELF);
            Figures.say(
                    "%d reloads of %d servers at 200 requests/s: %d of %d failed %s; files %d, then %d; threads %d, then %d; resident %d KiB, then %d"
                            .formatted(
                                    reloads,
                                    FAR,
                                    all.failures().size(),
                                    all.size(),
                                    all.reasons(),
                                    files,
                                    entries(buoy, "fd"),
                                    threads,
                                    entries(buoy, "task"),
                                    memory,
                                    buoy.process().residentKib()));
            assertThat(buoy.process().residentKib())
                    .as("KiB resident")
                    .isLessThan(memory + MOST_GROWTH);
            assertThat(all.size()).isPositive();
            assertThat(all.failures().all()).isEmpty();
            assertThat(buoy.process().output()).doesNotContain("OutOfMemoryError");
        }
    }

    /** Reloads while requests come. */
    private static Attempts under(Lan lan, String client, BuoyDaemon buoy, int first, int many) {
        LabClient load =
                LabClient.start(
                        lan.host(
                                client,
                                client.equals("warm") ? "198.51.100.201/24" : "198.51.100.200/24"),
                        List.of("http", "http", "http://" + LB + "/slow?ms=5", "200"));
        for (int i = first; i < first + many; i++) {
            reload(buoy, i);
        }
        return load.stop().of("http");
    }

    /** With the first configuration again: what is kept for clients and servers is given back. */
    private static void awaitRest(BuoyDaemon buoy, int round) {
        reload(buoy, round % 2 == 0 ? round : round + 1);
    }

    private static void reload(BuoyDaemon buoy, int round) {
        buoy.host().write(BuoyDaemon.CONFIGURATION, yaml(round));
        String said =
                buoy.host()
                        .run(
                                "curl",
                                "--silent",
                                "--fail-with-body",
                                "--max-time",
                                "30",
                                "--request",
                                "POST",
                                "--unix-socket",
                                "/run/buoy/admin.sock",
                                "http://buoy/api/v1/reload")
                        .orFail();
        assertThat(said).as("round %d", round).contains("pools.far.servers");
    }

    private static String yaml(int round) {
        boolean odd = round % 2 == 1;
        String far =
                IntStream.range(0, FAR)
                        .mapToObj(
                                i ->
                                        "\"203.0.113.%d:%d\""
                                                .formatted(1 + i % 250, 1024 + round * 2 + i / 250))
                        .collect(Collectors.joining(", "));
        return """
        process: {drain: 1s}
        listeners:
          web:
            bind: ["0.0.0.0:80"]
            protocol: http
            routes:
              - {match: {path: /round-%d}, pool: far}
              - pool: app
        %s
        pools:
          app:
            servers: {app1: "198.51.100.11:5000"%s}
            health: {http: {path: /api/health}, every: 500ms}
          far:
            servers: [%s]
        """
                .formatted(
                        round,
                        odd ? "  more: {bind: [\"0.0.0.0:8080\"], protocol: http, pool: app}" : "",
                        odd ? ", app2: \"198.51.100.12:5000\"" : "",
                        far);
    }

    /** Of a directory of the process in /proc. */
    private static int entries(BuoyDaemon buoy, String directory) {
        Path path = Path.of("/proc", Long.toString(buoy.process().pid()), directory);
        try (Stream<Path> all = Files.list(path)) {
            return (int) all.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
