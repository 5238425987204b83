package buoy.daemon.watch.packet;

import buoy.vrrp.wire.Dissected;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;

/** Which warnings were explained lately, so that a lasting one does not fill the screen. */
public final class Explained {
    private static final int MOST = 1024;

    /** Who shows what. */
    private record Subject(String kind, String link, InetAddress about, int routerId) {}

    private final Duration lasts;
    private final Recent<Subject, Instant> at = new Recent<>(MOST);

    public Explained(Duration lasts) {
        this.lasts = lasts;
    }

    /** Whether to explain this one; the next of its kind is not due for a while then. */
    public boolean isDue(Seen seen, Warning warning) {
        Subject subject = subject(seen, warning.kind());
        Instant before = at.get(subject);
        if (before != null && Duration.between(before, seen.at()).compareTo(lasts) < 0) {
            return false;
        }
        at.put(subject, seen.at());
        return true;
    }

    private static Subject subject(Seen seen, String kind) {
        return switch (seen.packet()) {
            case Packet.Protocol112 packet ->
                    new Subject(kind, seen.link(), packet.source(), routerId(packet.message()));
            case Packet.GratuitousArp arp -> new Subject(kind, seen.link(), arp.address(), 0);
            case Packet.NeighbourAdvertisement advertisement ->
                    new Subject(kind, seen.link(), advertisement.address(), 0);
        };
    }

    private static int routerId(Dissected message) {
        return switch (message) {
            case Dissected.Advertisement advertisement -> advertisement.routerId();
            case Dissected.Carp carp -> carp.virtualHost();
            case Dissected.Unreadable _ -> 0;
        };
    }
}
