package buoy.lab;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A machine in the small: its own network, mounts, host name and process table, held by one process
 * that is number 1 in it. It waits on a pipe from this JVM and ends when that closes; then the
 * kernel ends every process of the namespace and takes its links down, as when the power fails.
 *
 * <p>{@code /run} and {@code /dev/shm} are its own; {@code /etc} and {@code /var/lib} start as what
 * the real machine has, and changes to them stay inside.
 */
final class Namespace {
    /** Bash, because as process number 1 it also reaps orphans, which dash does not. */
    private static final String FIRST_PROCESS =
            """
            set -e
            mount -t overlay overlay -o "lowerdir=/etc,upperdir=$1/etc,workdir=$1/work" /etc
            mount --bind "$1/run" /run
            mount -t overlay overlay -o "lowerdir=/var/lib,upperdir=$1/lib,workdir=$1/lib-work" /var/lib
            mkdir -p -m 700 /var/lib/buoy
            mount -t sysfs sysfs /sys
            hostname "$2"
            echo 0 >/proc/sys/net/ipv6/conf/default/accept_dad
            echo 0 >/proc/sys/net/ipv6/conf/default/accept_ra
            ip link set lo up
            touch "$1/ready"
            mount -t tmpfs tmpfs /dev/shm
            set +e
            read -r _
            """;

    private final String name;
    private final Path directory;
    private final Process unshare;
    private final OutputStream leash;
    private final ProcessHandle first;

    private Namespace(String name, Path directory, Process unshare, ProcessHandle first) {
        this.name = name;
        this.directory = directory;
        this.unshare = unshare;
        this.leash = unshare.getOutputStream();
        this.first = first;
    }

    /**
     * Up when this returns.
     *
     * @param directory where it keeps its files; made here
     */
    static Namespace create(String name, Path directory) throws IOException {
        for (String part : List.of("etc", "work", "run", "lib", "lib-work", "log")) {
            Files.createDirectories(directory.resolve(part));
        }
        Path log = directory.resolve("log").resolve("namespace.log");
        Process unshare =
                new ProcessBuilder(
                                "unshare",
                                "--net",
                                "--mount",
                                "--pid",
                                "--uts",
                                "--fork",
                                "--kill-child",
                                "--mount-proc",
                                "bash",
                                "-c",
                                FIRST_PROCESS,
                                "buoy-lab",
                                directory.toString(),
                                name)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        Await.until(
                Duration.ofSeconds(20),
                "namespace " + name + " (see " + log + ")",
                () -> Files.exists(directory.resolve("ready")) || !unshare.isAlive());
        Optional<ProcessHandle> first = unshare.children().findFirst();
        if (first.isEmpty()) {
            throw new LabFailed(
                    "cannot make the namespace %s: %s"
                            .formatted(name, Files.readString(log, StandardCharsets.UTF_8)));
        }
        return new Namespace(name, directory, unshare, first.get());
    }

    String name() {
        return name;
    }

    Path directory() {
        return directory;
    }

    /** Of its first process, in the machine's process table. */
    long pid() {
        return first.pid();
    }

    boolean isUp() {
        return first.isAlive();
    }

    /** Runs a shell script in its network, with the machine's files and process table. */
    void network(String script) {
        Finished.of("nsenter", "-t", Long.toString(pid()), "-n", "sh", "-ec", script).orFail();
    }

    /** The command that runs {@code argv} as a process of this machine. */
    List<String> inside(List<String> argv) {
        var command =
                new ArrayList<>(
                        List.of(
                                "nsenter",
                                "-t",
                                Long.toString(pid()),
                                "-n",
                                "-m",
                                "-p",
                                "-u",
                                "--"));
        command.addAll(argv);
        return command;
    }

    /** As when the power fails: every process is killed at once; none can say good-bye. */
    void kill() {
        first.destroyForcibly();
    }

    /** The kernel has taken its processes down; its links follow. */
    void awaitEnd() {
        try {
            leash.close();
        } catch (IOException e) {
            // The pipe broke because its reader is dead already, which is what we want.
            unshare.destroyForcibly();
        }
        Await.until(
                Duration.ofSeconds(20), "the end of namespace " + name, () -> !unshare.isAlive());
    }
}
