package buoy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.ConfigFile;
import buoy.config.Reading;
import buoy.config.model.LogSettings;
import buoy.config.model.VirtualRouter.Track;
import buoy.daemon.log.Log;
import buoy.lb.BalancerStatus.WorkerStatus;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerWatchTest {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final List<String> told = new ArrayList<>();
    private List<WorkerStatus> workers = workers(0, 0);

    private static List<WorkerStatus> workers(long firstMillis, long secondMillis) {
        return List.of(
                new WorkerStatus(0, Duration.ofMillis(firstMillis)),
                new WorkerStatus(1, Duration.ofMillis(secondMillis)));
    }

    private Log log() {
        return Log.open(
                new LogSettings(LogSettings.Level.INFO, LogSettings.Format.TEXT),
                new PrintStream(written, true, StandardCharsets.UTF_8));
    }

    @Test
    void aWorkerThatStopsMovingIsSaidOnceAndSoIsItsReturn() {
        try (Log log = log()) {
            WorkerWatch watch =
                    new WorkerWatch(() -> workers, (name, up) -> told.add(name + " " + up), log);
            watch.look();
            workers = workers(100, 3000);
            watch.look();
            watch.look();
            workers = workers(100, 10);
            watch.look();
        }
        assertThat(told).containsExactly(WorkerWatch.WORKERS + " 1", WorkerWatch.WORKERS + " 2");
        assertThat(written.toString(StandardCharsets.UTF_8).lines())
                .satisfiesExactly(
                        line -> assertThat(line).contains("error worker: 1: has not moved"),
                        line -> assertThat(line).contains("info  worker: 1: moves again"));
    }

    @Test
    void everyRouterTracksTheWorkersBesideWhatItIsToldTo(@TempDir Path directory) throws Exception {
        Path file =
                Files.writeString(
                        directory.resolve("buoy.yaml"),
                        """
                        vrrp:
                          web:
                            interface: eth0
                            router-id: 51
                            addresses: [198.51.100.100/24]
                            track: [{pool: app, fault-below: 1}]
                        listeners:
                          raw: {bind: ["127.0.0.1:1234"], protocol: tcp, pool: app}
                        pools:
                          app: {servers: {a: "127.0.0.1:5000"}, health: {tcp: {}}}
                        """);
        var config = ((Reading.Accepted) ConfigFile.read(file)).config();
        try (Log log = log()) {
            var tracking =
                    new WorkerWatch(() -> workers, (_, _) -> {}, log)
                            .tracking(config.routers().values());
            assertThat(tracking)
                    .singleElement()
                    .satisfies(
                            router ->
                                    assertThat(router.tracks())
                                            .containsExactly(
                                                    new Track.PoolFault("app", 1),
                                                    new Track.PoolFault(WorkerWatch.WORKERS, 2)));
        }
    }
}
