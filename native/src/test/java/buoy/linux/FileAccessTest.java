package buoy.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import buoy.linux.layout.FileRights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of others is what the kernel would tell them. */
class FileAccessTest {
    private static final int NOBODY = 65534;

    private final Kernel kernel = Kernel.load();

    @TempDir Path directory;

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    /** The kernel's word. */
    private static boolean mayRead(Path file) throws IOException, InterruptedException {
        String id = String.valueOf(NOBODY);
        return run(
                        "setpriv",
                        "--reuid=" + id,
                        "--regid=" + id,
                        "--clear-groups",
                        "test",
                        "-r",
                        file.toString())
                == 0;
    }

    private boolean isSaidToRead(Path file) throws IOException {
        return FileAccess.of(kernel, file).allow(NOBODY, Set.of(NOBODY), FileRights.READ);
    }

    @Test
    void modesAndListsAreJudgedAsTheKernelDoes() throws Exception {
        assumeTrue(kernel.isRoot(), "to ask as somebody else needs root");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path file = Files.createFile(directory.resolve("file"));
        for (String mode : List.of("rw-------", "rw-r-----", "rw-r--r--", "rw----r--")) {
            for (int group : new int[] {0, NOBODY}) {
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
                Files.setAttribute(file, "unix:gid", group);
                assertThat(isSaidToRead(file)).as("%s %d", mode, group).isEqualTo(mayRead(file));
            }
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        String list =
                "import os, struct, sys; os.setxattr(sys.argv[1], 'system.posix_acl_access', struct.pack('<I' + 'HHI' * 5, 2,"
                        + " 1, 6, 0xffffffff, 2, 4, 65534, 4, 0, 0xffffffff, 16, 4, 0xffffffff, 32, 0, 0xffffffff))";
        assumeTrue(
                run("python3", "-c", list, file.toString()) == 0,
                "python3 and a file system with access control lists");
        assertThat(mayRead(file)).isTrue();
        assertThat(isSaidToRead(file)).isTrue();
    }

    @Test
    void whatIsNotThereIsSaid() {
        assertThatThrownBy(() -> FileAccess.of(kernel, directory.resolve("none")))
                .isInstanceOf(NoSuchFileException.class);
    }
}
