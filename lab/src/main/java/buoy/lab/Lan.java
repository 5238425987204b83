package buoy.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * One switched network: a bridge in a namespace of its own, and hosts plugged into it.
 *
 * <pre>
 *   namespace "switch"          namespace "lb1"          namespace "client"
 *   br0 --- lb1  &lt;== veth ==&gt;  eth0 198.51.100.1
 *       \-- client &lt;=== veth ==========================&gt; eth0 198.51.100.200
 * </pre>
 *
 * <p>The machine itself takes no part: it has no link into the lab, so it can neither answer ARP
 * for the lab's addresses nor route its packets. No namespace has a name; each lives only as long
 * as the process that holds it, which ends with this JVM however that ends. So a crashed run leaves
 * nothing but a directory, and the next run removes that.
 */
public final class Lan implements AutoCloseable {
    private static final String DIRECTORY = "buoy-lab-";

    private final Path directory;
    private final Namespace bridge;
    private final List<Host> hosts = new ArrayList<>();
    private final List<Capture> captures = new ArrayList<>();

    /** For the end of this JVM by a signal; what outlives even that, the next lab sweeps. */
    private final Thread atExit = new Thread(this::tearDown, "lab at exit");

    private boolean down;

    private Lan(Path directory, Namespace bridge) {
        this.directory = directory;
        this.bridge = bridge;
    }

    /**
     * An empty network.
     *
     * @param name tells labs of one process apart, in directory and process names
     */
    public static Lan open(String name) {
        try {
            Path parent = home();
            sweep(parent);
            Path directory =
                    Files.createTempDirectory(
                            parent, DIRECTORY + ProcessHandle.current().pid() + "-" + name + "-");
            Finished.of("chmod", "755", directory.toString()).orFail();
            Namespace bridge = Namespace.create("switch", directory.resolve("switch"));
            Lan lan = new Lan(directory, bridge);
            Runtime.getRuntime().addShutdownHook(lan.atExit);
            bridge.network(
                    """
                    echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6
                    ip link add br0 type bridge mcast_snooping 0 stp_state 0 forward_delay 0
                    ip link set br0 up
                    """);
            return lan;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** In memory where that is possible: the PostgreSQL nodes of a lab would wait for a disk. */
    private static Path home() {
        Path memory = Path.of("/dev/shm");
        return Files.isWritable(memory)
                ? memory
                : Path.of(System.getProperty("java.io.tmpdir", "/tmp"));
    }

    /** Removes the directories of runs that were killed. */
    private static void sweep(Path parent) throws IOException {
        List<Path> left;
        try (Stream<Path> entries = Files.list(parent)) {
            left = entries.filter(Lan::isOfDeadProcess).toList();
        }
        for (Path directory : left) {
            remove(directory);
        }
    }

    private static boolean isOfDeadProcess(Path directory) {
        String name = directory.getFileName().toString();
        if (!name.startsWith(DIRECTORY)) {
            return false;
        }
        String pid = name.substring(DIRECTORY.length()).replaceFirst("-.*", "");
        return pid.matches("\\d{1,10}") && ProcessHandle.of(Long.parseLong(pid)).isEmpty();
    }

    /**
     * Plugs a new host in; it is up when this returns.
     *
     * @param name at most 12 characters: its port on the bridge is called so
     * @param addresses with prefix length, for its eth0
     */
    public Host host(String name, String... addresses) {
        try {
            Namespace namespace = Namespace.create(name, directory.resolve(name));
            bridge.network(
                    """
                    ip link add %1$s type veth peer name eth0 netns %2$d
                    ip link set %1$s master br0
                    ip link set %1$s up
                    """
                            .formatted(name, namespace.pid()));
            var script = new StringBuilder("ip link set eth0 up\n");
            for (String address : addresses) {
                script.append("ip addr add ").append(address).append(" dev eth0");
                script.append(address.contains(":") ? " nodad\n" : "\n");
            }
            namespace.network(script.toString());
            Host host = new Host(name, List.of(addresses), namespace, bridge);
            hosts.add(host);
            return host;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Everything VRRP, ARP and neighbour discovery that passes the bridge from now on. */
    public Capture capture() {
        Capture capture = Capture.start(bridge, directory.resolve("lan-" + captures.size()));
        captures.add(capture);
        return capture;
    }

    /** Where the hosts of this lab keep their files; gone after {@link #close}. */
    public Path directory() {
        return directory;
    }

    /**
     * Ends every process on every host, and removes hosts, links and files. The files stay if the
     * environment has {@code BUOY_LAB_KEEP}, until the next lab opens.
     */
    @Override
    public void close() {
        tearDown();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // This JVM is ending already, and the hook finds nothing left to do.
            return;
        }
    }

    private synchronized void tearDown() {
        if (down) {
            return;
        }
        down = true;
        captures.forEach(Capture::close);
        hosts.reversed().forEach(Host::powerOff);
        bridge.kill();
        bridge.awaitEnd();
        long lost = captures.stream().mapToLong(Capture::lost).sum();
        clearUp();
        if (lost > 0) {
            throw new LabFailed(
                    "the captures lost %d frames: what was read from them is not to be relied upon"
                            .formatted(lost));
        }
    }

    private void clearUp() {
        if (System.getenv("BUOY_LAB_KEEP") != null) {
            System.out.println("kept: " + directory);
            return;
        }
        try {
            remove(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void remove(Path directory) throws IOException {
        Files.walkFileTree(
                directory,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.deleteIfExists(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException failure) {
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path visited, @org.jspecify.annotations.Nullable IOException failure)
                            throws IOException {
                        Files.deleteIfExists(visited);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
