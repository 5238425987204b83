package buoy.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import buoy.linux.layout.FileEvent;
import buoy.linux.layout.ProcessEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Files and processes of this machine, watched. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class WatchingTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Kernel kernel = Kernel.load();

    @Test
    void whatHappensToAFileIsHeardWhetherItIsThereOrNot(@TempDir Path directory) throws Exception {
        try (var inotify = Inotify.open(kernel)) {
            var watch = inotify.watch(directory.toString());
            assertThat(inotify.watch(directory.toString())).isEqualTo(watch);
            assertThat(inotify.next()).isEmpty();
            var file = directory.resolve("number");
            Files.writeString(file, "50");
            assertThat(heard(inotify, FileEvent.CLOSE_WRITE).name()).isEqualTo("number");
            var other = Files.writeString(directory.resolve("new"), "60");
            Files.move(other, file, StandardCopyOption.ATOMIC_MOVE);
            assertThat(heard(inotify, FileEvent.MOVED_TO).name()).isEqualTo("number");
            Files.delete(file);
            assertThat(heard(inotify, FileEvent.DELETE).name()).isEqualTo("number");
            Files.delete(directory);
            assertThat(heard(inotify, FileEvent.DELETE_SELF).isEnd()).isTrue();
            Files.createDirectory(directory); // for whoever cleans up
            assertThat(inotify.watch(directory.toString())).isNotEqualTo(watch);
        }
    }

    @Test
    void aDirectoryThatIsMissingIsRefused() throws SyscallFailed {
        try (var inotify = Inotify.open(kernel)) {
            assertThatThrownBy(() -> inotify.watch("/nowhere/at/all"))
                    .hasMessage("inotify_add_watch(/nowhere/at/all) failed: ENOENT");
        }
    }

    private FileEvent heard(Inotify inotify, int what) throws Exception {
        var events = new ArrayList<FileEvent>();
        return Eventually.get(
                () -> {
                    events.addAll(inotify.next());
                    return events.stream()
                            .filter(event -> (event.mask() & what) != 0)
                            .findFirst()
                            .orElse(null);
                },
                event -> event != null);
    }

    @Test
    void theEndOfAProcessEndsAWait() throws Exception {
        var sleeper = new ProcessBuilder("sleep", "1000").start();
        try (var poller = Poller.open(kernel);
                var end = ProcessEnd.of(kernel, (int) sleeper.pid())) {
            poller.watch(end.fd());
            poller.await(1_000_000);
            assertThat(poller.isReady(end.fd())).isFalse();
            sleeper.destroyForcibly();
            poller.await(SECOND.multipliedBy(50).toNanos());
            assertThat(poller.isReady(end.fd())).isTrue();
        }
        sleeper.waitFor();
        assertThatThrownBy(() -> ProcessEnd.of(kernel, (int) sleeper.pid()))
                .hasMessage("pidfd_open(%d) failed: ESRCH", sleeper.pid());
    }

    @Test
    void aGroupIsKilledWithEveryProcessInIt() throws Exception {
        var leader = new ProcessBuilder("setsid", "sh", "-c", "sleep 1000 & sleep 1000").start();
        var group =
                Eventually.get(
                        () -> leader.descendants().toList(), processes -> processes.size() == 2);
        assertThat(ProcessGroup.kill(kernel, leader.pid())).isTrue();
        assertThat(leader.waitFor()).isEqualTo(128 + 9);
        Eventually.get(() -> group, processes -> processes.stream().noneMatch(this::isRunning));
        assertThat(ProcessGroup.kill(kernel, 1)).as("never everybody").isFalse();
    }

    /** Not one that waits for somebody to collect its status. */
    private boolean isRunning(ProcessHandle process) {
        try {
            var stat = Files.readString(Path.of("/proc/%d/stat".formatted(process.pid())));
            return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
        } catch (IOException _) {
            return false;
        }
    }

    @Test
    void processesAreHeardOfWhereTheKernelTells() throws Exception {
        try (var events = open()) {
            var seen = new ArrayList<ProcessEvent>();
            assumeTrue(
                    isHeard(events, seen, ProcessEvent.Subscribed.class::isInstance, SECOND),
                    "process events are told in the first process namespace alone");
            var child = new ProcessBuilder("true").start();
            var pid = (int) child.pid();
            child.waitFor();
            for (var expected : List.of(new ProcessEvent.Named(pid), new ProcessEvent.Ended(pid))) {
                assertThat(isHeard(events, seen, expected::equals, Duration.ofSeconds(20)))
                        .as(expected.toString())
                        .isTrue();
            }
        }
    }

    private ProcessEvents open() {
        try {
            return ProcessEvents.open(kernel);
        } catch (SyscallFailed refusal) {
            assumeTrue(
                    false, "process events need root and the first network namespace: " + refusal);
            throw new AssertionError(refusal);
        }
    }

    private boolean isHeard(
            ProcessEvents events,
            List<ProcessEvent> seen,
            Predicate<ProcessEvent> wanted,
            Duration patience)
            throws SyscallFailed {
        var deadline = System.nanoTime() + patience.toNanos();
        try (var poller = Poller.open(kernel)) {
            poller.watch(events.fd());
            while (seen.stream().noneMatch(wanted)) {
                if (System.nanoTime() - deadline > 0) {
                    return false;
                }
                poller.await(10_000_000);
                seen.addAll(events.next(64));
            }
            return true;
        }
    }

    @Test
    void aUserIsKnownByName() {
        assertThat(Account.named(kernel, "root")).contains(new Account(0, 0));
        assertThat(Account.named(kernel, "no-such-user")).isEmpty();
        assertThat(Account.group(kernel, "root")).contains(0);
        assertThat(Account.group(kernel, "no-such-group")).isEmpty();
    }

    /** As id(1) has them. */
    @Test
    void aUserIsInItsGroups() throws IOException, InterruptedException {
        for (var name : List.of("root", "daemon", "nobody")) {
            var told = new ProcessBuilder("id", "-G", name).start();
            var ids = new String(told.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(told.waitFor()).isZero();
            assertThat(Account.named(kernel, name).orElseThrow().groups(kernel, name))
                    .containsExactlyInAnyOrderElementsOf(
                            Arrays.stream(ids.strip().split(" ")).map(Integer::valueOf).toList());
        }
    }
}
