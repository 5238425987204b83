package buoy.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class KernelTest {
    private final Kernel kernel = Kernel.load();

    @Test
    void opensAndClosesASocket() throws SyscallFailed {
        var fd = kernel.checked(kernel.posix().socket(2, 2, 0), "socket", "UDP");
        assertThat(fd).isPositive();
        assertThat(kernel.posix().close(fd)).isZero();
        assertThat(kernel.posix().close(fd)).isEqualTo(-1);
        assertThat(kernel.errno().name()).isEqualTo("EBADF");
    }

    @Test
    void aFailureNamesCallSubjectReasonAndRemedy() {
        assertThatThrownBy(
                        () ->
                                kernel.checked(
                                        kernel.posix().open(Kernel.cString("/nowhere/x"), 0, 0),
                                        "open",
                                        "/nowhere/x"))
                .isInstanceOf(SyscallFailed.class)
                .hasMessage("open(/nowhere/x) failed: ENOENT");
        assertThat(new SyscallFailed("socket", "VRRP over IPv4 on eth0", Errno.EPERM, ""))
                .hasMessage(
                        "socket(VRRP over IPv4 on eth0) failed: EPERM (grant CAP_NET_RAW and CAP_NET_ADMIN, or run as root)");
    }

    @Test
    void knowsItsOwnProcess() {
        assertThat(kernel.processId()).isEqualTo((int) ProcessHandle.current().pid());
    }

    @Test
    void movesBytesThroughNativeMemory() {
        var posix = kernel.posix();
        var memory = posix.malloc(16);
        posix.memcpy(memory, new byte[] {1, 2, 3, 4}, 4);
        var back = new byte[4];
        posix.memcpy(back, memory, 4);
        posix.free(memory);
        assertThat(back).containsExactly(1, 2, 3, 4);
    }
}
