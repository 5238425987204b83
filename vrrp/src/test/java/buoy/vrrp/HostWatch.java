package buoy.vrrp;

import buoy.vrrp.core.Priority;
import buoy.vrrp.core.Timing;
import buoy.vrrp.core.Version;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/**
 * What one host of a {@link Story} may do, judged by what it hears, sends and holds, all by its own
 * clock. It knows the standard, and nothing of how the election is made.
 */
final class HostWatch {
    private static final long NEVER = Long.MIN_VALUE;
    private static final long RETRY = Duration.ofMillis(1001).toNanos();

    private final History history;
    private final SimulatedHost host;
    private final LanWatch lan;
    private final List<InetAddress> virtual;
    private final boolean preempts;

    /** The bounds of what its priority ever is, tracking included. */
    private final int highest;

    private final int lowest;
    private final Duration shortestInterval;
    private final long longestInterval;

    /** Skew_Time and one interval, at the lowest priority it ever has. */
    private final long longestOffer;

    RouterState state = RouterState.INITIALIZE;

    /** The priority its configuration says, and whether its pool is known to have no servers. */
    private int priority;

    private boolean poolDown;

    /**
     * Without a lifetime an owner takes what an earlier process left behind for the operator's own.
     */
    private final boolean mayKeep;

    /** What its kernel refused is tried again by then. */
    private long unsettledUntil = NEVER;

    /** When its process was frozen or killed, or NEVER while it runs. */
    private long haltedAt = NEVER;

    // What it has read while it was a backup, and when; the intervals are those advertised.
    private long heardAt;
    private Duration heardInterval = Duration.ZERO;
    private long superiorAt;
    private Duration superiorInterval = Duration.ZERO;
    private long lesserSince = NEVER;
    private long resignedAt = NEVER;

    private long removedAt = NEVER;
    private boolean spoke;

    /**
     * It spoke without its address while something was unread: the last word of one that yields, or
     * it is wrong.
     */
    private boolean spokeBlindly;

    private long sentAt = NEVER;
    private long offeringSince = NEVER;

    HostWatch(History history, SimulatedHost host, LanWatch lan) {
        this.history = history;
        this.host = host;
        this.lan = lan;
        this.virtual = Story.virtual(history.shape());
        History.Member member = history.members().get(host.index);
        List<Integer> priorities = history.priorities(host.index);
        this.highest = priorities.stream().max(Integer::compare).orElseThrow();
        this.lowest =
                priorities.stream()
                        .map(priority -> effective(member.tracks(), priority, true))
                        .min(Integer::compare)
                        .orElseThrow();
        this.priority = member.priority();
        this.preempts = member.preempts() || highest == Priority.OWNER.value();
        this.mayKeep = highest == Priority.OWNER.value() && history.lifetime().isZero();
        this.shortestInterval = history.shortestInterval();
        this.longestInterval = history.longestInterval().toNanos();
        this.longestOffer =
                longestInterval
                        + Timing.skew(
                                        history.version(),
                                        new Priority(lowest),
                                        history.longestInterval())
                                .toNanos();
        become(state);
    }

    // ---- what it is ----

    int effectivePriority() {
        return effective(history.members().get(host.index).tracks(), priority, poolDown);
    }

    private static int effective(History.Tracks tracks, int priority, boolean poolDown) {
        if (!poolDown || priority == Priority.OWNER.value()) {
            return priority;
        }
        return switch (tracks) {
            case NOTHING -> priority;
            case WEIGHT -> Math.max(1, priority + LanWatch.WEIGHT);
            case FAULT -> Priority.LAST_RESORT.value();
        };
    }

    /** Whether it is to take over from a live active router of that priority. */
    boolean wantsToReplace(int active) {
        boolean may = history.members().get(host.index).preempts() || priority == 255;
        return may && effectivePriority() > active;
    }

    boolean isOffering() {
        return offeringSince != NEVER;
    }

    boolean isActive() {
        return state == RouterState.ACTIVE && host.isSound();
    }

    private boolean holdsAll() {
        for (InetAddress address : virtual) {
            if (!host.holds(address)) {
                return false;
            }
        }
        return true;
    }

    private boolean holdsNone() {
        for (InetAddress address : virtual) {
            if (host.holds(address)) {
                return false;
            }
        }
        return true;
    }

    // ---- what happens to it ----

    void happens(Happening.What what) {
        boolean hears = host.isAlive();
        switch (what) {
            case Happening.What.Freeze _, Happening.What.Kill _ ->
                    haltedAt = haltedAt == NEVER ? host.local() : haltedAt;
            case Happening.What.Thaw _ -> haltedAt = hears ? NEVER : haltedAt;
            case Happening.What.Start _ -> {
                haltedAt = NEVER;
                poolDown = false;
                become(RouterState.INITIALIZE);
            }
            case Happening.What.Pool(boolean up) -> poolDown = hears ? !up : poolDown;
            case Happening.What.Reload(int other, _) -> priority = other;
            case Happening.What.Pause _, Happening.What.GoOn _, Happening.What.Stop _ -> {}
            case Happening.What.Cut _, Happening.What.Unplug _, Happening.What.Plug _ -> {}
            case Happening.What.Allow _ -> {
                sentAt = NEVER;
                // It may have been the end of the offer that could not be said.
                offeringSince = isOffering() ? host.local() : NEVER;
                unsettledUntil = host.local() + RETRY;
            }
            case Happening.What.Remove _ -> removedAt = host.local();
            case Happening.What.Refuse _, Happening.What.Garbage _ -> {}
        }
    }

    // ---- what it hears ----

    void reads(Datagram datagram) {
        mustHaveYielded();
        byte[] message = datagram.payload();
        if (datagram.ttl() != 255 || state != RouterState.BACKUP) {
            return;
        }
        long now = host.local();
        int theirs = message[2] & 0xff;
        if (theirs == 0) {
            resignedAt = resignedAt == NEVER ? now : resignedAt;
            return;
        }
        heardAt = now;
        heardInterval =
                history.version() == Version.V2
                        ? shortestInterval
                        : Duration.ofMillis(
                                (((message[4] & 0x0f) << 8) | (message[5] & 0xff)) * 10L);
        if (!preempts || theirs >= highest) {
            superiorAt = now;
            superiorInterval = heardInterval;
            resignedAt = NEVER;
            lesserSince = NEVER;
            return;
        }
        if (lesserSince == NEVER) {
            lesserSince = now;
        }
        // Who preempts as an owner only has followed anybody before it was one.
        boolean maybeFollowed =
                theirs >= lowest
                        || !history.preemptDelay().isZero()
                        || !history.members().get(host.index).preempts();
        if (maybeFollowed
                && now + activeDown(heardInterval) < superiorAt + activeDown(superiorInterval)) {
            // Followed, tolerated or contested, by what its priority is just then.
            superiorAt = now;
            superiorInterval = heardInterval;
        }
    }

    // ---- what it does ----

    void becomes(RouterState to) {
        if (to == RouterState.ACTIVE && state == RouterState.BACKUP && !mayTakeOver(host.local())) {
            lan.broken(host, "takes over from a live active router that it may not replace");
        }
        if (to == RouterState.ACTIVE && state != RouterState.BACKUP && highest != 255) {
            lan.broken(host, "takes the address without having listened for anybody");
        }
        spokeBlindly = false;
        become(to);
    }

    private void mustHaveYielded() {
        if (spokeBlindly) {
            lan.broken(host, "speaks without the address and before it has listened");
        }
    }

    private void become(RouterState to) {
        state = to;
        heardAt = host.local();
        heardInterval = shortestInterval;
        superiorAt = heardAt;
        superiorInterval = heardInterval;
        lesserSince = NEVER;
        resignedAt = NEVER;
        sentAt = NEVER;
        offeringSince = NEVER;
    }

    /** RFC 9568 6.4.2, and no sooner whatever its priority has been meanwhile. */
    private boolean mayTakeOver(long now) {
        boolean silence = now - heardAt >= activeDown(heardInterval);
        boolean resignation =
                resignedAt != NEVER
                        && now - resignedAt
                                >= Timing.skew(
                                                history.version(),
                                                new Priority(highest),
                                                shortestInterval)
                                        .toNanos();
        boolean contest =
                preempts
                        && now - superiorAt >= activeDown(superiorInterval)
                        && (lesserSince == NEVER
                                || highest == 255
                                || now - lesserSince >= history.preemptDelay().toNanos());
        return silence || resignation || contest;
    }

    private long activeDown(Duration interval) {
        return Timing.activeDown(history.version(), new Priority(highest), interval).toNanos();
    }

    void sends(byte[] message) {
        long now = host.local();
        if ((message[2] & 0xff) == 0) {
            offeringSince = now;
            return;
        }
        InetAddress first = virtual.get((message[1] & 0xff) == Story.ROUTER_ID ? 0 : 1);
        if (!host.holds(first) && now != removedAt && host.hasUnread() && host.refused.isEmpty()) {
            spokeBlindly = true;
        }
        spoke = true;
        sentAt = now;
        offeringSince = NEVER;
    }

    /** All that is due is done. */
    void rests() {
        boolean spokeJustNow = spoke;
        spoke = false;
        mustHaveYielded();
        if (!host.isSound()) {
            return;
        }
        boolean holds = holdsAll();
        boolean active = state == RouterState.ACTIVE;
        if (!holds && !holdsNone() && host.local() > unsettledUntil && !mayKeep) {
            lan.broken(host, "has one of its addresses, and not the other");
        }
        if (spokeJustNow && active && !holds) {
            lan.broken(host, "advertises, and its address is gone");
        }
        long now = host.local();
        if (active != holds && now > unsettledUntil && !(holds && mayKeep)) {
            lan.broken(host, active ? "is active without the address" : "keeps the address");
        }
        if (active && sentAt != NEVER && offeringSince == NEVER && now - sentAt > longestInterval) {
            lan.broken(host, "is active and has been silent for more than an interval");
        }
        if (active && offeringSince != NEVER && now - offeringSince > longestOffer) {
            lan.broken(host, "offers the address for longer than anybody needs to take it");
        }
    }

    /** Asked at any time, also while its process does nothing. */
    void expires() {
        long lifetime = history.lifetime().toNanos();
        if (haltedAt != NEVER
                && lifetime > 0
                && host.local() - haltedAt > lifetime
                && !holdsNone()) {
            lan.broken(host, "has had no process for a lifetime, and still has the address");
        }
    }
}
