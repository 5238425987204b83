package buoy.daemon.command;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.lb.health.Programs.Ran;
import buoy.linux.Kernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HealthProgramsTest {
    private final HealthPrograms programs = new HealthPrograms(new Runner(Kernel.load()));

    private Ran run(String script, Duration timeout) throws InterruptedException {
        return programs.run(
                List.of("/bin/sh", "-c", script),
                Map.of("BUOY_PORT", "5432"),
                Optional.empty(),
                timeout);
    }

    @Test
    void itIsToldHowARunWent() throws Exception {
        Duration enough = Duration.ofSeconds(60);
        assertThat(run("echo port $BUOY_PORT; exit 4", enough))
                .isEqualTo(new Ran.Exited(4, "port 5432\n"));
        assertThat(run("sleep 600 & sleep 600", Duration.ofMillis(100)))
                .isEqualTo(new Ran.Killed());
        assertThat(
                        programs.run(
                                List.of("/bin/true"),
                                Map.of(),
                                Optional.of("no-such-user"),
                                enough))
                .isEqualTo(new Ran.NotRun("there is no user no-such-user"));
    }

    @Test
    void whereNoUserIsGivenItHasNoneOfOurCapabilities() throws Exception {
        assertThat(run("grep -E 'Cap(Prm|Eff|Amb)' /proc/$$/status", Duration.ofSeconds(60)))
                .isEqualTo(
                        new Ran.Exited(
                                0,
                                """
                                CapPrm:\t0000000000000000
                                CapEff:\t0000000000000000
                                CapAmb:\t0000000000000000
                                """));
    }

    @Test
    void noMoreThanSoManyRunAtOneTime(@TempDir Path directory) throws Exception {
        // Each leaves a file while it runs, and goes when it is told to.
        Path go = directory.resolve("go");
        String script =
                "touch %1$s/$$.runs; while [ ! -e %2$s ]; do sleep 0.05; done"
                        .formatted(directory, go);
        List<Future<Ran>> runs = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < HealthPrograms.AT_ONCE + 8; i++) {
                runs.add(threads.submit(() -> run(script, Duration.ofSeconds(60))));
            }
            while (programs.waiting() < 8 || running(directory) < HealthPrograms.AT_ONCE) {
                LockSupport.parkNanos(1_000_000);
            }
            assertThat(running(directory)).isEqualTo(HealthPrograms.AT_ONCE);
            Files.createFile(go);
            for (Future<Ran> each : runs) {
                assertThat(each.get()).isEqualTo(new Ran.Exited(0, ""));
            }
        }
        assertThat(running(directory)).isEqualTo(HealthPrograms.AT_ONCE + 8);
    }

    /** How many have begun. */
    private static long running(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(each -> each.toString().endsWith(".runs")).count();
        }
    }
}
