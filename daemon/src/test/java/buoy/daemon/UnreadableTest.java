package buoy.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import buoy.daemon.json.JsonTree;
import buoy.linux.Kernel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What root may read and the user of the process may not is said by a check. */
class UnreadableTest {
    private static final String USERS = "ops:$apr1$DY7C/G3Z$t6Ngn2PIwNhQKnoNcP8sx/\n";

    @TempDir Path directory;
    private final Operator operator = new Operator();

    @BeforeEach
    void asRoot() throws IOException {
        assumeTrue(Kernel.load().isRoot(), "only root may read what others may not");
        mode(directory, "rwxr-xr-x");
    }

    private static void mode(Path file, String mode) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    private Path file(String name, String text, String mode) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        mode(file, mode);
        return file;
    }

    private List<String> warnings(String user, String... lines) throws IOException {
        Path config = directory.resolve("buoy.yaml");
        Files.writeString(
                config,
                "process: {%s}\n%s\n".formatted(user, String.join("\n", lines))
                        + "listeners: {web: {bind: [\"127.0.0.1:80\"], protocol: http, routes: [{respond: {status: 200}}]}}\n");
        mode(config, "rw-------");
        assertThat(operator.says("check", "-c", config.toString()))
                .as(operator.err())
                .isEqualTo(ExitCode.DONE);
        return operator.err().lines().toList();
    }

    @Test
    void aFileOfRootIsNamedWithItsKeyAndModeAndWhatToDo() throws IOException {
        Path users = file("users", USERS, "rw-------");
        String stats = "stats: {users-file: " + users + "}";
        assertThat(warnings("user: nobody", stats))
                .singleElement()
                .asString()
                .isEqualTo(
                        "warning: %s:2:21: stats.users-file: the user nobody may not read it: %s is rw------- root:root (chgrp nobody, and chmod g+r, or g+x of a directory)"
                                .formatted(directory.resolve("buoy.yaml"), users));
        assertThat(operator.says("check", "--json", "-c", directory.resolve("buoy.yaml") + ""))
                .isEqualTo(ExitCode.DONE);
        assertThat(JsonTree.read(operator.out()).get("warnings").items())
                .extracting(each -> each.text("path"))
                .containsExactly("stats.users-file");

        assertThat(warnings("user: root", stats)).isEmpty();
        assertThat(warnings("user: no-such-user-here", stats)).isEmpty();
        assertThat(warnings("drain: 30s", stats)).as("it stays who it is").isEmpty();
        mode(users, "rw-r--r--");
        assertThat(warnings("user: nobody", stats)).isEmpty();
        mode(users, "rw-r-----");
        assertThat(warnings("user: nobody", stats)).hasSize(1);
        Files.setAttribute(users, "unix:gid", Files.getAttribute(Path.of("/dev/null"), "unix:gid"));
        assertThat(warnings("user: nobody", stats)).hasSize(1);
    }

    @Test
    void aDirectoryOnTheWayIsNamed() throws IOException {
        Path users = file("closed/in/users", USERS, "rw-r--r--");
        mode(directory.resolve("closed"), "rwx--x---");
        assertThat(warnings("user: nobody", "stats: {users-file: " + users + "}"))
                .singleElement()
                .asString()
                .contains(directory.resolve("closed") + " is rwx--x--- root:root (");

        Path link = Files.createSymbolicLink(directory.resolve("link"), users);
        assertThat(warnings("user: nobody", "stats: {users-file: " + link + "}"))
                .as("where a link leads")
                .singleElement()
                .asString()
                .contains(directory.resolve("closed") + " is rwx--x--- root:root (");
    }

    @Test
    void ofADirectoryWhatIsTakenFromItIsLookedAt() throws IOException {
        file("tls/README", "", "rw-------");
        String all = "certificates: {all: {directory: " + directory.resolve("tls") + "}}";
        assertThat(warnings("user: nobody", all)).isEmpty();
        mode(directory.resolve("tls"), "rwxr-x--x");
        assertThat(warnings("user: nobody", all))
                .singleElement()
                .asString()
                .contains("certificates.all.directory: the user nobody may not read it: ");
    }
}
