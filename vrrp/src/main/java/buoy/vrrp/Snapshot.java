package buoy.vrrp;

import buoy.config.model.VirtualRouter;
import buoy.vrrp.core.Priority;
import buoy.vrrp.core.State;
import buoy.vrrp.core.Ticks;
import buoy.vrrp.core.Timing;
import buoy.vrrp.core.Version;
import buoy.vrrp.track.Facts;
import buoy.vrrp.track.Tracking;
import java.time.Duration;
import java.time.Instant;

/** Takes the picture of a router, for people. */
final class Snapshot {
    private Snapshot() {}

    static RouterStatus of(Router router, Facts facts, Ticks now, Instant wallNow) {
        VirtualRouter config = router.config();
        Group group = router.group();
        State state = group.state();
        Duration activeInterval =
                state instanceof State.Backup backup ? backup.activeInterval() : config.advertise();
        Version version = Identity.version(config);
        Priority effective = group.tracking().effective();
        Reception reception = router.reception();
        return new RouterStatus(
                config.name(),
                config.group(),
                config.interfaceName(),
                config.routerId(),
                version.number(),
                RouterState.of(state),
                wallNow.minus(now.since(group.since())),
                group.why(),
                config.priority(),
                group.tracking().told().value(),
                group.tracking().contributions(),
                Tracking.items(config, facts),
                group.isOffering(),
                config.advertise(),
                activeInterval,
                Timing.skew(version, effective, activeInterval),
                Timing.activeDown(version, effective, activeInterval),
                router.voices().stream().flatMap(voice -> voice.source().stream()).toList(),
                router.addresses(),
                router.virtualLinks(),
                router.routes(),
                reception.peers(now),
                router.sent(),
                reception.received(),
                reception.discarded(),
                reception.odd(),
                reception.remarks(now),
                router.forOthers(),
                router.announced(),
                group.transitions(),
                group.deadline().map(at -> at.since(now)),
                router.warnings().shown(now),
                router.troubles());
    }
}
