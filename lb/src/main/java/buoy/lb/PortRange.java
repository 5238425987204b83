package buoy.lb;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How many sockets for datagrams this host has ports for. Each needs one of its own, wherever it
 * sends to, and other programs need some too (ip(7), ip_local_port_range).
 */
final class PortRange {
    private static final Path RANGE = Path.of("/proc/sys/net/ipv4/ip_local_port_range");

    private PortRange() {}

    /** Three quarters of them. */
    static int sessions() {
        try (BufferedReader file = Files.newBufferedReader(RANGE)) {
            // At once: whoever reads it byte by byte is given the first one alone.
            String range = file.readLine();
            return range == null ? Integer.MAX_VALUE : sessions(range);
        } catch (IOException _) {
            // Not Linux, or no /proc: there is no such bound.
            return Integer.MAX_VALUE;
        }
    }

    /** From the first and the last port. */
    static int sessions(String range) {
        String[] ports = range.strip().split("\\s+", 2);
        int count = Integer.parseInt(ports[1]) - Integer.parseInt(ports[0]) + 1;
        return Math.max(1, count - count / 4);
    }
}
