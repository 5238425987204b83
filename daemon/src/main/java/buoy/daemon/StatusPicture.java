package buoy.daemon;

import buoy.daemon.status.Status;
import buoy.daemon.status.Status.CertificateStatus;
import buoy.tls.ServerTls;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Takes the picture that {@code status}, the page and the metrics show. */
final class StatusPicture {
    private StatusPicture() {}

    static Status take(Parts parts, Running running, Instant at) {
        LoadedConfig loaded = running.configuration();
        return new Status(
                Version.NUMBER,
                parts.host(),
                parts.startedAt(),
                at,
                running.phase(),
                new Status.Configuration(
                        loaded.file().toString(),
                        loaded.hash(),
                        loaded.loadedAt(),
                        warnings(running),
                        running.lastReload(),
                        running.reloads()),
                parts.routers().status(),
                parts.balancer().status(),
                parts.watch().hung(),
                parts.trackers().status(),
                certificates(loaded),
                parts.orders().status(),
                parts.peers().status(),
                parts.routers().realTime(),
                parts.log().lost());
    }

    private static List<String> warnings(Running running) {
        List<String> all = new ArrayList<>();
        running.configuration().warnings().forEach(each -> all.add(each.toString()));
        all.addAll(running.notes());
        return all;
    }

    /** Each once, though several listeners may show it. */
    private static List<CertificateStatus> certificates(LoadedConfig loaded) {
        Map<String, CertificateStatus> byName = new LinkedHashMap<>();
        for (ServerTls tls : loaded.tls().listeners().values()) {
            for (ServerTls.Shown each : tls.certificates()) {
                byName.putIfAbsent(
                        each.name(),
                        new CertificateStatus(each.name(), each.names(), each.notAfter()));
            }
        }
        return List.copyOf(byName.values());
    }
}
