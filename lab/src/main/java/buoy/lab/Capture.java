package buoy.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What passes the bridge: VRRP, ARP and neighbour discovery, each frame stamped by the kernel as it
 * passes. What tests say about time they read from here, not from when they looked.
 */
public final class Capture implements AutoCloseable {
    private static final String FILTER = "ip proto 112 or ip6 proto 112 or arp or icmp6";

    private static final Pattern LOST = Pattern.compile("(?m)^(\\d+) packets? dropped by kernel");

    private final Path file;
    private final Path log;
    private final Process tcpdump;
    private final PcapFile pcap;
    private final List<Advertisement> advertisements = new ArrayList<>();
    private final List<Arp> arps = new ArrayList<>();

    private Capture(Path file, Path log, Process tcpdump) {
        this.file = file;
        this.log = log;
        this.tcpdump = tcpdump;
        this.pcap = new PcapFile(file);
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
                                    // The kernel's buffer has slots of one size: small ones are
                                    // many, enough for a burst of a hundred routers.
                                    "-s",
                                    "2048",
                                    "-B",
                                    "65536",
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
            return new Capture(file, log, tcpdump);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean contains(Path log, String text) {
        return text(log).contains(text);
    }

    private static String text(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All advertisements so far, in the order they passed. */
    public synchronized List<Advertisement> advertisements() {
        read();
        return List.copyOf(advertisements);
    }

    /** All ARP so far, in the order it passed. */
    public synchronized List<Arp> arps() {
        read();
        return List.copyOf(arps);
    }

    private void read() {
        for (Frame frame : pcap.more()) {
            Advertisement.of(frame).ifPresent(advertisements::add);
            Arp.of(frame).ifPresent(arps::add);
        }
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

    /** Once it is closed: how many frames passed that it did not see. */
    long lost() {
        Matcher lost = LOST.matcher(text(log));
        return lost.find() ? Long.parseLong(lost.group(1)) : 0;
    }
}
