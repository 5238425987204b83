package buoy.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What passes the bridge: VRRP, ARP and neighbour discovery, each frame stamped by the kernel as it
 * passes. What tests say about time they read from here, not from when they looked.
 */
public final class Capture implements AutoCloseable {
    private static final String FILTER = "ip proto 112 or ip6 proto 112 or arp or icmp6";

    private final Path file;
    private final Process tcpdump;

    private Capture(Path file, Process tcpdump) {
        this.file = file;
        this.tcpdump = tcpdump;
    }

    /** Listens once this returns. */
    static Capture start(Namespace bridge, Path name) {
        Path file = name.resolveSibling(name.getFileName() + ".pcap");
        Path log = name.resolveSibling(name.getFileName() + ".log");
        try {
            Process tcpdump =
                    new ProcessBuilder(
                                    "nsenter",
                                    "-t",
                                    Long.toString(bridge.pid()),
                                    "-n",
                                    "tcpdump",
                                    "-i",
                                    "br0",
                                    "-n",
                                    "-U",
                                    "-Z",
                                    "root",
                                    "--immediate-mode",
                                    "--time-stamp-precision=nano",
                                    "-w",
                                    file.toString(),
                                    FILTER)
                            .redirectErrorStream(true)
                            .redirectOutput(log.toFile())
                            .start();
            Await.until(
                    Duration.ofSeconds(20),
                    "tcpdump to listen (see " + log + ")",
                    () -> contains(log, "listening on"));
            return new Capture(file, tcpdump);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean contains(Path log, String text) {
        try {
            return Files.readString(log).contains(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All advertisements so far, in the order they passed. */
    public List<Advertisement> advertisements() {
        return PcapFile.read(file).stream()
                .map(Advertisement::of)
                .flatMap(Optional::stream)
                .toList();
    }

    /** All ARP so far, in the order it passed. */
    public List<Arp> arps() {
        return PcapFile.read(file).stream().map(Arp::of).flatMap(Optional::stream).toList();
    }

    /** Waits for the first advertisement so far or to come that {@code wanted} accepts. */
    public Advertisement await(
            String what, Duration atMost, Predicate<? super Advertisement> wanted) {
        return Await.value(
                atMost, what, () -> advertisements().stream().filter(wanted).findFirst());
    }

    /** The file itself, for tools. */
    public Path file() {
        return file;
    }

    @Override
    public void close() {
        tcpdump.destroy();
        Await.until(Duration.ofSeconds(20), "the end of tcpdump", () -> !tcpdump.isAlive());
    }
}
