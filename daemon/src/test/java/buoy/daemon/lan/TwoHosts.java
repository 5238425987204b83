package buoy.daemon.lan;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import buoy.linux.Kernel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Two network namespaces joined by a wire, {@code eth0} in each: 198.51.100.1 and 2, fe80::1 and 2.
 * Needs root; a test is skipped without.
 */
final class TwoHosts implements AutoCloseable {
    private static final AtomicInteger COUNT = new AtomicInteger();

    final String first;
    final String second;

    private TwoHosts(String prefix) {
        this.first = prefix + "a";
        this.second = prefix + "b";
    }

    static TwoHosts make(Kernel kernel) throws IOException {
        assumeTrue(kernel.isRoot(), "network namespaces need root");
        var hosts = new TwoHosts("bd" + kernel.processId() + "-" + COUNT.incrementAndGet());
        try {
            shell("ip", "netns", "add", hosts.first);
            shell("ip", "netns", "add", hosts.second);
            hosts.on(hosts.first, "ip link add eth0 type veth peer eth0 netns " + hosts.second);
            for (var host : List.of(hosts.first, hosts.second)) {
                var number = host.equals(hosts.first) ? 1 : 2;
                hosts.on(host, "ip link set eth0 addrgenmode none");
                hosts.on(host, "ip link set eth0 up");
                hosts.on(host, "ip addr add 198.51.100." + number + "/24 dev eth0");
                hosts.on(host, "ip addr add fe80::" + number + "/64 dev eth0 nodad");
            }
            return hosts;
        } catch (IOException | RuntimeException | Error failure) {
            hosts.close();
            throw failure;
        }
    }

    /** Runs a command on a host and returns what it printed. */
    String on(String host, String command) throws IOException {
        var argv = new ArrayList<>(List.of("ip", "netns", "exec", host));
        argv.addAll(Arrays.asList(command.split(" ", -1)));
        return shell(argv.toArray(String[]::new));
    }

    @Override
    public void close() throws IOException {
        shell("ip", "netns", "delete", first);
        shell("ip", "netns", "delete", second);
    }

    private static String shell(String... argv) throws IOException {
        var process = new ProcessBuilder(argv).redirectErrorStream(true).start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        // It closed its output, so it is at its end.
        if (process.onExit().join().exitValue() != 0) {
            throw new IOException(String.join(" ", argv) + ": " + output);
        }
        return output;
    }
}
