package buoy.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is about the process: lock, signals, scheduling, limits, settings. */
class ProcessTest {
    private static final int SIGHUP = 1;
    private static final int SIGUSR1 = 10;

    private final Kernel kernel = Kernel.load();

    @Test
    void aLockIsHeldByOneAndGivenBackAtTheEnd(@TempDir Path directory) throws Exception {
        var path = directory.resolve("admin.lock");
        try (var _ = LockFile.take(kernel, path)) {
            assertThat(Files.readString(path).strip())
                    .isEqualTo(Long.toString(ProcessHandle.current().pid()));
            assertThatThrownBy(() -> LockFile.take(kernel, path))
                    .isInstanceOfSatisfying(
                            SyscallFailed.class,
                            it -> assertThat(it.reason()).isEqualTo(Errno.EAGAIN))
                    .hasMessage("flock(%s) failed: EAGAIN (another process holds it)", path);
        }
        LockFile.take(kernel, path).close();
    }

    @Test
    void signalsAreHeard() throws Exception {
        for (var signal : new int[] {SIGHUP, SIGUSR1}) {
            var expected = signal == SIGHUP ? Signals.HUP : Signals.USR1;
            var heard = new CountDownLatch(1);
            expected.handle(
                    it -> {
                        if (it == expected) {
                            heard.countDown();
                        }
                    });
            assertThat(kernel.posix().kill(kernel.processId(), signal)).isZero();
            assertThat(heard.await(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void realTimeIsInForceOrItIsSaidWhyNot() throws Exception {
        var asked = new AtomicReference<RealTime>();
        var inForce = new AtomicReference<Boolean>();
        var inForceElsewhere = RealTime.isInForce(kernel);
        var thread =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    asked.set(RealTime.request(kernel));
                                    inForce.set(RealTime.isInForce(kernel));
                                });
        thread.join();
        assertThat(inForce.get()).isEqualTo(asked.get().scheduling().isEmpty());
        assertThat(asked.get().refusals())
                .allSatisfy(it -> assertThat(it.remedy()).contains("grant CAP_"));
        assertThat(RealTime.isInForce(kernel)).as("on another thread").isEqualTo(inForceElsewhere);
    }

    @Test
    void kernelSettingsAreReadAndARefusalIsExplained() throws SyscallFailed {
        assertThat(Sysctl.read(kernel, "kernel", "ostype")).isEqualTo("Linux");
        assertThatThrownBy(
                        () -> Sysctl.read(kernel, "net", "ipv6", "conf", "nowhere.5", "forwarding"))
                .hasMessage("open(/proc/sys/net/ipv6/conf/nowhere.5/forwarding) failed: ENOENT");
    }
}
