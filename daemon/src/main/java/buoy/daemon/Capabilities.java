package buoy.daemon;

import buoy.daemon.watch.CaptureRefused;
import buoy.vrrp.KernelRefused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What the kernel lets this process do, looked at before it is needed (capabilities(7)). */
final class Capabilities {
    private static final int NET_ADMIN = 12;
    private static final int NET_RAW = 13;
    private static final String EFFECTIVE = "CapEff:";

    private Capabilities() {}

    /**
     * Virtual routers send and receive raw IP and change addresses.
     *
     * @throws KernelRefused naming what is missing
     */
    static void requireForVrrp() throws KernelRefused {
        List<String> missing = missing(ownStatus());
        if (!missing.isEmpty()) {
            throw new KernelRefused(
                    "virtual routers need %s, which this process has not (run as root, or with AmbientCapabilities=%s in its systemd unit)"
                            .formatted(String.join(" and ", missing), String.join(" ", missing)));
        }
    }

    /**
     * Watching a link takes raw frames from it.
     *
     * @throws CaptureRefused naming what is missing
     */
    static void requireForCapture() throws CaptureRefused {
        if (missing(ownStatus()).contains("CAP_NET_RAW")) {
            throw new CaptureRefused(
                    "to watch a link needs CAP_NET_RAW, which this process has not (run it as root: sudo buoy vrrp watch)");
        }
    }

    /** Empty without /proc: then the sockets themselves will tell. */
    private static List<String> ownStatus() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status"));
        } catch (IOException _) {
            return List.of();
        }
    }

    /** From the lines of /proc/PID/status. */
    static List<String> missing(List<String> status) {
        for (String line : status) {
            if (line.startsWith(EFFECTIVE)) {
                long bits = Long.parseUnsignedLong(line.substring(EFFECTIVE.length()).strip(), 16);
                List<String> missing = new ArrayList<>();
                if ((bits >> NET_RAW & 1) == 0) {
                    missing.add("CAP_NET_RAW");
                }
                if ((bits >> NET_ADMIN & 1) == 0) {
                    missing.add("CAP_NET_ADMIN");
                }
                return missing;
            }
        }
        return List.of();
    }
}
