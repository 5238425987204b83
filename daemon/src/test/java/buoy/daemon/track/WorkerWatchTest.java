package buoy.daemon.track;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.LogSettings;
import buoy.daemon.log.Log;
import buoy.lb.BalancerStatus.WorkerStatus;
import buoy.vrrp.track.Fact;
import buoy.vrrp.track.Subject;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class WorkerWatchTest {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final List<Fact> told = new ArrayList<>();
    private Duration silence = Duration.ZERO;
    private long now;

    @Test
    void aWorkerThatHangsIsSaidOnceAndSoIsItsReturn() {
        try (Log log =
                Log.open(
                        new LogSettings(LogSettings.Level.INFO, LogSettings.Format.TEXT),
                        new PrintStream(written, true, StandardCharsets.UTF_8))) {
            WorkerWatch watch =
                    new WorkerWatch(
                            this::workers, told::add, log, () -> now, _ -> Optional.empty());
            watch.look();
            for (int i = 0; i < 20; i++) {
                now += Duration.ofMillis(250).toNanos();
                silence = silence.plusMillis(250);
                watch.look();
            }
            assertThat(watch.hung()).containsOnlyKeys(1);
            now += Duration.ofMillis(250).toNanos();
            silence = Duration.ofMillis(10);
            watch.look();
            assertThat(watch.hung()).isEmpty();
        }
        Subject workers = new Subject.Workers();
        assertThat(told)
                .containsExactly(
                        new Fact.Trouble(workers, "worker 1 of 2 hangs, it waits for something"),
                        new Fact.Good(workers));
        assertThat(written.toString(StandardCharsets.UTF_8).lines())
                .satisfiesExactly(
                        line -> assertThat(line).contains("warn  worker: worker 1 of 2 hangs"),
                        line -> assertThat(line).contains("info  worker: worker 1 moves again"));
    }

    private List<WorkerStatus> workers() {
        return List.of(
                new WorkerStatus(0, Duration.ofMillis(50), OptionalInt.empty()),
                new WorkerStatus(1, silence, OptionalInt.empty()));
    }
}
