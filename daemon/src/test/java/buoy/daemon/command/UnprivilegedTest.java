package buoy.daemon.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import buoy.linux.Account;
import buoy.linux.Kernel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnprivilegedTest {
    private static final String BINDS_ROOT = "--securebits=+noroot,+noroot_locked";

    @Test
    void rootIsBoundWhoeverAsksForItAndWhereverThatIsAllowed() {
        Account root = new Account(0, 0);
        assertThat(new Unprivileged(0, true).asThisProcess()).contains(BINDS_ROOT);
        assertThat(new Unprivileged(0, true).as(root))
                .isEqualTo(new Unprivileged(0, true).asThisProcess());
        assertThat(new Unprivileged(7, true).as(root)).contains(BINDS_ROOT, "--reuid=0");
        assertThat(new Unprivileged(0, false).asThisProcess()).doesNotContain(BINDS_ROOT);
        assertThat(new Unprivileged(7, true).asThisProcess()).doesNotContain(BINDS_ROOT);
        assertThat(new Unprivileged(0, true).as(new Account(7, 8)))
                .contains("--reuid=7", "--regid=8", "--init-groups")
                .doesNotContain(BINDS_ROOT);
    }

    /** As in a container that has not all of root's capabilities. */
    @Test
    void rootWithoutTheRightToBindItselfRunsProgramsToo() throws Exception {
        assumeTrue(Kernel.load().isRoot(), "to take a capability from root needs root");
        List<String> argv = new ArrayList<>(List.of("setpriv", "--bounding-set=-setpcap", "--"));
        argv.addAll(new Unprivileged(0, false).asThisProcess());
        argv.addAll(List.of("/bin/echo", "runs"));
        Process process = new ProcessBuilder(argv).redirectErrorStream(true).start();
        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("runs\n");
        assertThat(process.waitFor()).isZero();
    }
}
