package buoy.daemon.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import buoy.linux.Kernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RunnerTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final Kernel kernel = Kernel.load();
    private final Runner runner = new Runner(kernel);

    private static Command shell(String script, Duration timeout) {
        return new Command(
                List.of("/bin/sh", "-c", script),
                Map.of("BUOY_X", "1"),
                new RunAs.ThisProcess(),
                timeout);
    }

    private Outcome run(String script) throws InterruptedException {
        return runner.run(shell(script, LONG));
    }

    @Test
    void theExitStatusAndTheFirstWordsAreTold() throws Exception {
        assertThat(run("echo fine")).isEqualTo(new Outcome.Exited(0, "fine\n"));
        assertThat(run("true").failure()).isEmpty();
        assertThat(run("echo; echo no route >&2; echo more; exit 3").failure())
                .contains("exit 3: no route");
        assertThat(run("kill -9 $$").failure()).contains("exit 137");
    }

    @Test
    void whatCannotBeRunSaysWhy() throws Exception {
        Command missing =
                new Command(List.of("/nowhere/check"), Map.of(), new RunAs.ThisProcess(), LONG);
        assertThat(runner.run(missing).failure())
                .contains(
                        "exit 127: setsid: failed to execute /nowhere/check: No such file or"
                                + " directory");
        Command stranger =
                new Command(List.of("/bin/true"), Map.of(), new RunAs.User("no-such-user"), LONG);
        assertThat(runner.run(stranger).failure())
                .contains("cannot be run: there is no user no-such-user");
    }

    @Test
    void noShellReadsTheArguments() throws Exception {
        Command command =
                new Command(
                        List.of("/bin/echo", "$HOME", "; false", "a b"),
                        Map.of(),
                        new RunAs.ThisProcess(),
                        LONG);
        assertThat(runner.run(command)).isEqualTo(new Outcome.Exited(0, "$HOME ; false a b\n"));
    }

    @Test
    void itFindsACleanEnvironmentAndLeadsASessionOfItsOwn() throws Exception {
        assertThat(((Outcome.Exited) run("env | grep -v ^PWD= | grep -v ^_= | sort")).output())
                .isEqualTo(
                        "BUOY_X=1\nLANG=C.UTF-8\nPATH=%s\n"
                                .formatted(Runner.ENVIRONMENT.get("PATH")));
        // pid, process group and session, from proc(5)
        String stat = ((Outcome.Exited) run("cut -d' ' -f1,5,6 </proc/$$/stat")).output().strip();
        assertThat(stat.split(" ", -1)).hasSize(3);
        assertThat(List.of(stat.split(" ", -1)).stream().distinct()).hasSize(1);
        assertThat(((Outcome.Exited) run("pwd; readlink /proc/$$/fd/0")).output())
                .isEqualTo("/\n/dev/null\n");
    }

    @Test
    void nothingThisProcessHasOpenIsInherited(@TempDir Path directory) throws Exception {
        try (var _ = Files.newOutputStream(directory.resolve("held"))) {
            assertThat(((Outcome.Exited) run("ls -l /proc/$$/fd")).output())
                    .doesNotContain("held")
                    .doesNotContain("socket:");
        }
    }

    @Test
    void atTheTimeoutEverythingItStartedIsKilled(@TempDir Path directory) throws Exception {
        Path pids = directory.resolve("pids");
        Outcome outcome =
                runner.run(
                        shell(
                                "echo waiting; sleep 1000 & echo $! $$ >%s; sleep 1000"
                                        .formatted(pids),
                                Duration.ofSeconds(1)));
        assertThat(outcome.failure())
                .contains("killed because it took longer than 1000 ms: waiting");
        for (String pid : Files.readString(pids).strip().split(" ", -1)) {
            awaitEnd(pid);
        }
    }

    @Test
    void anInterruptKillsItToo(@TempDir Path directory) throws Exception {
        Path pid = directory.resolve("pid");
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread thread =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try {
                                        run(
                                                "echo $$ >%s.new; mv %s.new %s; sleep 1000"
                                                        .formatted(pid, pid, pid));
                                    } catch (InterruptedException e) {
                                        thrown.set(e);
                                    }
                                });
        while (!Files.exists(pid)) {
            TimeUnit.MILLISECONDS.sleep(5);
        }
        thread.interrupt();
        thread.join();
        assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
        awaitEnd(Files.readString(pid).strip());
    }

    @Test
    void aFloodOfOutputIsReadAndForgotten() throws Exception {
        Outcome.Exited outcome =
                (Outcome.Exited) run("head -c 2000000 /dev/zero | tr '\\0' x; echo; exit 1");
        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.output()).hasSize(Runner.KEPT);
        assertThat(outcome.failure().orElseThrow()).hasSizeLessThan(250);
    }

    @Test
    void whatItLeavesInTheBackgroundIsNotWaitedFor() throws Exception {
        long start = System.nanoTime();
        Outcome.Exited outcome = (Outcome.Exited) run("sleep 30 & echo $!");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(30));
        String pid = outcome.output().strip();
        assertThat(Path.of("/proc", pid)).exists();
        assertThat(run("kill " + pid).failure()).isEmpty();
    }

    @Test
    void itRunsAsTheUserItIsToldWithoutACapability() throws Exception {
        assumeTrue(kernel.isRoot(), "to become another user needs root");
        Command command =
                new Command(
                        List.of("/bin/sh", "-c", "id -un; id -gn; grep Cap /proc/$$/status"),
                        Map.of(),
                        new RunAs.User("nobody"),
                        LONG);
        String output = ((Outcome.Exited) runner.run(command)).output();
        assertThat(output.lines())
                .startsWith("nobody", "nogroup")
                .contains(
                        "CapInh:\t0000000000000000",
                        "CapPrm:\t0000000000000000",
                        "CapEff:\t0000000000000000",
                        "CapAmb:\t0000000000000000");
    }

    @Test
    void itRunsWithoutACapabilityAlsoAsRoot() throws Exception {
        Command command =
                new Command(
                        List.of("/bin/sh", "-c", "id -u; grep Cap /proc/$$/status"),
                        Map.of(),
                        new RunAs.WithoutCapabilities(),
                        LONG);
        String output = ((Outcome.Exited) runner.run(command)).output();
        assertThat(output.lines())
                .startsWith(Integer.toUnsignedString(kernel.user()))
                .contains(
                        "CapInh:\t0000000000000000",
                        "CapPrm:\t0000000000000000",
                        "CapEff:\t0000000000000000",
                        "CapAmb:\t0000000000000000");
    }

    @Test
    void rootAsAUserHasNoCapabilityEither() throws Exception {
        assumeTrue(kernel.isRoot(), "to be root needs root");
        Command command =
                new Command(
                        List.of("/bin/sh", "-c", "id -u; grep Cap /proc/$$/status"),
                        Map.of(),
                        new RunAs.User("root"),
                        LONG);
        String output = ((Outcome.Exited) runner.run(command)).output();
        assertThat(output.lines())
                .startsWith("0")
                .contains("CapPrm:\t0000000000000000", "CapEff:\t0000000000000000");
    }

    private static void awaitEnd(String pid) throws Exception {
        long deadline = System.nanoTime() + LONG.toNanos();
        Path stat = Path.of("/proc", pid, "stat");
        while (lives(stat)) {
            assertThat(System.nanoTime() - deadline).as("process %s lives", pid).isNegative();
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    private static boolean lives(Path stat) {
        try {
            return !Files.readString(stat).contains(") Z ");
        } catch (IOException gone) {
            return false;
        }
    }
}
