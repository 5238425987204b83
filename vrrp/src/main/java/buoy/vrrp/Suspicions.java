package buoy.vrrp;

import buoy.vrrp.RouterStatus.Warning;
import buoy.vrrp.core.Advert;
import buoy.vrrp.core.Rules;
import buoy.vrrp.core.State;
import buoy.vrrp.core.Ticks;
import buoy.vrrp.core.Timing;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * What the advertisements of a group tell about the network. Nothing here changes an election: it
 * is said, so that somebody looks.
 */
final class Suspicions {
    /** Intervals in which a router that hears a better one has yielded. */
    private static final int TIME_TO_YIELD = 3;

    private record Rival(Ticks since, Ticks at) {}

    private Optional<Rival> rival = Optional.empty();
    private Ticks compareFrom;

    Suspicions(Ticks now) {
        compareFrom = now;
    }

    /** An advertisement has had its effect on the election. */
    void heard(Group group, Advert advert, InetAddress source, Voice voice, Ticks now) {
        switch (group.state()) {
            case State.Active _
                    when !advert.priority().isResign() && persists(group, advert, now) ->
                    voice.router()
                            .warn(
                                    Warning.DUAL_ACTIVE,
                                    () ->
                                            "%s stays active with priority %s: it does not hear this host (is the network one-way?)"
                                                    .formatted(
                                                            source.getHostAddress(),
                                                            advert.priority()),
                                    now);
            case State.Backup _ -> compareVoices(group, voice, source, now);
            case State _ -> {}
        }
    }

    /** Whether others have gone on for longer than it takes to yield. */
    private boolean persists(Group group, Advert advert, Ticks now) {
        Duration ours = group.rules().interval();
        Duration interval = advert.interval().compareTo(ours) > 0 ? advert.interval() : ours;
        Ticks since =
                rival.filter(r -> !now.isAtOrAfter(r.at().plus(interval.multipliedBy(2))))
                        .map(Rival::since)
                        .orElse(now);
        rival = Optional.of(new Rival(since, now));
        return now.isAtOrAfter(since.plus(interval.multipliedBy(TIME_TO_YIELD)));
    }

    /** Whoever has all of a group is heard in all places, or something is amiss in some. */
    private void compareVoices(Group group, Voice heard, InetAddress source, Ticks now) {
        if (!now.isAtOrAfter(compareFrom)) {
            return;
        }
        Rules rules = group.rules();
        compareFrom = now.plus(rules.interval());
        Duration patience =
                Timing.activeDown(rules.version(), rules.priority(), rules.interval())
                        .multipliedBy(2);
        for (Router member : group.members()) {
            for (Voice voice : member.voices()) {
                Ticks silentSince = voice.lastHeard().orElse(group.since()).latest(group.since());
                if (voice != heard && now.isAtOrAfter(silentSince.plus(patience))) {
                    member.warn(
                            Warning.HALF_HEARD,
                            () ->
                                    "%s is heard for %s, and nobody for %s (is it filtered, or configured otherwise there?)"
                                            .formatted(source.getHostAddress(), heard, voice),
                            now);
                }
            }
        }
    }
}
