package buoy.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Buoy on a host, run as an operator runs it: {@code buoy run} with /etc/buoy/buoy.yaml. */
public record BuoyDaemon(Host host, Running process) implements VrrpDaemon {
    public static final String CONFIGURATION = "/etc/buoy/buoy.yaml";
    private static final String ADMIN_SOCKET = "/run/buoy/admin.sock";

    /** Starts it; ready when its admin socket answers. */
    public static BuoyDaemon start(Host host, String yaml) {
        host.write(CONFIGURATION, yaml);
        return start(host);
    }

    /** Starts it with the configuration that is there. */
    public static BuoyDaemon start(Host host) {
        return start(host, List.of());
    }

    /**
     * Starts it by another program, which becomes it.
     *
     * @param by with its arguments, such as {@code setpriv ...}
     */
    public static BuoyDaemon start(Host host, String yaml, List<String> by) {
        host.write(CONFIGURATION, yaml);
        return start(host, by);
    }

    private static BuoyDaemon start(Host host, List<String> by) {
        host.makeDirectory("/run/buoy");
        List<String> argv = new ArrayList<>(by);
        argv.addAll(List.of(program(), "run"));
        BuoyDaemon daemon = new BuoyDaemon(host, host.start("buoy", argv));
        Await.until(
                Duration.ofSeconds(30),
                "Buoy on " + host + " to be ready (see " + daemon.process.log() + ")",
                () -> {
                    if (!daemon.process.isAlive()) {
                        throw new LabFailed(
                                "Buoy on " + host + " ended: " + daemon.process.output());
                    }
                    return Files.exists(host.file(ADMIN_SOCKET))
                            && host.run(
                                                    "curl",
                                                    "--silent",
                                                    "--fail",
                                                    "--max-time",
                                                    "5",
                                                    "--unix-socket",
                                                    ADMIN_SOCKET,
                                                    "http://buoy/api/v1/status")
                                            .exit()
                                    == 0;
                });
        return daemon;
    }

    /** Starts it with virtual routers alone, all at one priority. */
    public static BuoyDaemon start(Host host, Host peer, int priority, List<RouterPlan> routers) {
        return start(host, vrrp(host, peer, priority, routers));
    }

    /** The {@code vrrp} section for these routers. */
    public static String vrrp(Host host, Host peer, int priority, List<RouterPlan> routers) {
        var yaml = new StringBuilder("vrrp:\n");
        for (RouterPlan router : routers) {
            yaml.append(
                    """
                      %s:
                        interface: eth0
                        router-id: %d
                        version: %d
                        priority: %d
                        advertise: %dms
                        addresses: ["%s"]
                    """
                            .formatted(
                                    router.name(),
                                    router.routerId(),
                                    router.version(),
                                    priority,
                                    router.advertise().toMillis(),
                                    router.address()));
            if (router.mode() == RouterPlan.Mode.UNICAST) {
                yaml.append(
                        "    unicast: {peers: [%s], source: %s}\n"
                                .formatted(peer.address(), host.address()));
            }
        }
        return yaml.toString();
    }

    /** One of Buoy's commands on the same host, as {@code reload} or {@code status --json}. */
    public Finished command(String... arguments) {
        String[] argv = new String[arguments.length + 1];
        argv[0] = program();
        System.arraycopy(arguments, 0, argv, 1, arguments.length);
        return host.run(argv);
    }

    /** Waits until so many of its routers have heard a peer of this priority. */
    public void awaitPeers(int routers, int priority) {
        String heard = "is there with priority " + priority;
        Await.until(
                Duration.ofSeconds(30),
                "%d routers that have a peer (see %s)".formatted(routers, process.log()),
                () ->
                        process.output().lines().filter(line -> line.contains(heard)).count()
                                >= routers);
    }

    /** What the environment names as {@code BUOY}, or the script that runs what was built. */
    public static String program() {
        return named().orElseGet(() -> Tree.root().resolve("bin").resolve("buoy").toString());
    }

    /** Whether there is something to run; the lab can be tried with the peers alone. */
    public static boolean isBuilt() {
        return named().map(Path::of)
                .map(Files::isExecutable)
                .orElseGet(() -> Files.exists(Tree.root().resolve("daemon/target/built")));
    }

    private static Optional<String> named() {
        return Optional.ofNullable(System.getenv("BUOY")).filter(name -> !name.isBlank());
    }
}
