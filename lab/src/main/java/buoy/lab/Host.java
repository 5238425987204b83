package buoy.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A host on the {@link Lan}: one link, eth0, and its own processes and files. */
public final class Host {
    private final String name;
    private final List<String> addresses;
    private final Namespace namespace;
    private final Namespace bridge;
    private final String mac;
    private final List<Running> running = new ArrayList<>();

    Host(String name, List<String> addresses, Namespace namespace, Namespace bridge) {
        this.name = name;
        this.addresses = addresses;
        this.namespace = namespace;
        this.bridge = bridge;
        this.mac = run("cat", "/sys/class/net/eth0/address").orFail();
    }

    public String name() {
        return name;
    }

    /** Its first address, without the prefix length. */
    public String address() {
        return addresses.getFirst().replaceFirst("/.*", "");
    }

    /** Runs a command on this host and waits for its end. */
    public Finished run(String... argv) {
        return Finished.of(namespace.inside(List.of(argv)));
    }

    /**
     * Starts a process on this host.
     *
     * @param as names its log file
     */
    public Running start(String as, String... argv) {
        return start(as, List.of(argv));
    }

    public synchronized Running start(String as, List<String> argv) {
        Path log = namespace.directory().resolve("log").resolve(as + "-" + running.size() + ".log");
        try {
            Running started = Running.start(name + "/" + as, log, namespace.inside(argv));
            running.add(started);
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A class with a main method of this module, run by this JVM's own program.
     *
     * @param as names its log file
     */
    public Running startJava(String as, Class<?> main, String... arguments) {
        var argv = new ArrayList<>(ChildJvm.command(main));
        argv.addAll(List.of(arguments));
        return start(as, argv);
    }

    /** Writes a file of this host; directories are made as needed. */
    public Path write(String path, String content) {
        try {
            Path file = file(path);
            Files.createDirectories(file.getParent());
            return Files.writeString(file, content, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes a directory of this host. */
    public void makeDirectory(String path) {
        try {
            Files.createDirectories(file(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Where this machine finds a file of the host.
     *
     * @param path absolute, under /etc or /run
     */
    public Path file(String path) {
        if (Stream.of("/etc/", "/run/").noneMatch(path::startsWith)) {
            throw new IllegalArgumentException(path + " is not one of the host's own directories");
        }
        return namespace.directory().resolve(path.substring(1));
    }

    /** What {@code eth0} carries now, as {@code 198.51.100.1/24}. */
    public List<String> carries() {
        return run("ip", "-o", "addr", "show", "dev", "eth0")
                .orFail()
                .lines()
                .map(line -> line.strip().split("\\s+", -1))
                .map(words -> words[3])
                .toList();
    }

    /** The hardware address of eth0, as {@code 02:ab:...}. */
    public String mac() {
        return mac;
    }

    /** Pulls the cable: both ends see the link go down. */
    public void cutLink() {
        bridge.network("ip link set " + name + " down");
    }

    /** Plugs the cable in again. */
    public void joinLink() {
        bridge.network("ip link set " + name + " up");
    }

    /** The switch forgets the port: the link stays up, nothing passes. */
    public void isolate() {
        bridge.network("bridge link set dev " + name + " state 0");
    }

    /** Ends {@link #isolate} and {@link #separate}. */
    public void rejoin() {
        bridge.network("bridge link set dev " + name + " isolated off");
        bridge.network("bridge link set dev " + name + " state 3");
    }

    /**
     * The switch passes nothing between this host and others that are separated; everybody else
     * hears both.
     */
    public void separate() {
        bridge.network("bridge link set dev " + name + " isolated on");
    }

    /** The power fails: every process is gone at once, the link is dead, nobody said good-bye. */
    public synchronized void powerOff() {
        namespace.kill();
        running.forEach(Running::wakeEntrance);
        namespace.awaitEnd();
    }

    public boolean isUp() {
        return namespace.isUp();
    }

    @Override
    public String toString() {
        return name;
    }
}
