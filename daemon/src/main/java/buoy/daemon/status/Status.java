package buoy.daemon.status;

import buoy.daemon.acme.OrderStatus;
import buoy.daemon.peer.PeerStatus;
import buoy.daemon.track.Tracked;
import buoy.lb.BalancerStatus;
import buoy.vrrp.RouterStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The whole process at one moment.
 *
 * @param host this machine's name
 * @param at when the picture was taken, wall time
 * @param tracked what routers track, pools and links aside
 * @param hungWorkers by index, each with what there is to say about it
 * @param orders the certificates that Buoy orders by itself
 * @param peers the other Buoy hosts
 * @param lostLogLines since the start
 */
public record Status(
        String version,
        String host,
        Instant startedAt,
        Instant at,
        Phase phase,
        Configuration configuration,
        List<RouterStatus> routers,
        BalancerStatus balancer,
        Map<Integer, String> hungWorkers,
        List<Tracked> tracked,
        List<CertificateStatus> certificates,
        List<OrderStatus> orders,
        List<PeerStatus> peers,
        RealTimeStatus realTime,
        long lostLogLines) {
    public Status {
        routers = List.copyOf(routers);
        hungWorkers = Map.copyOf(hungWorkers);
        tracked = List.copyOf(tracked);
        certificates = List.copyOf(certificates);
        orders = List.copyOf(orders);
        peers = List.copyOf(peers);
    }

    public Duration uptime() {
        return Duration.between(startedAt, at);
    }

    /** Where the process is in its life. */
    public enum Phase {
        STARTING,
        RUNNING,
        STOPPING
    }

    /**
     * The configuration that runs.
     *
     * @param hash the first digits of the file's SHA-256
     * @param warnings of the configuration that runs, one line each
     */
    public record Configuration(
            String file,
            String hash,
            Instant loadedAt,
            List<String> warnings,
            Optional<Reload> lastReload,
            ReloadCounts reloads) {
        public Configuration {
            warnings = List.copyOf(warnings);
        }
    }

    /**
     * The last attempt to change the configuration.
     *
     * @param result {@code applied}, {@code rejected} or {@code refused}
     * @param lines problems or warnings
     */
    public record Reload(Instant at, String result, List<String> lines) {
        public Reload {
            lines = List.copyOf(lines);
        }

        public boolean failed() {
            return !result.equals("applied");
        }
    }

    /** Reloads since the start, by result. */
    public record ReloadCounts(long applied, long rejected, long refused) {
        public static final ReloadCounts NONE = new ReloadCounts(0, 0, 0);
    }

    /** A certificate that a listener shows. */
    public record CertificateStatus(String name, List<String> names, Instant notAfter) {
        public CertificateStatus {
            names = List.copyOf(names);
        }
    }
}
