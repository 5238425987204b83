package buoy.vrrp;

import buoy.vrrp.track.Contribution;
import buoy.vrrp.track.Tracking;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One virtual router as it was at one moment.
 *
 * @param group that it is active with, or not at all
 * @param since when it entered its state
 * @param why the cause of the last transition, in words
 * @param priority as configured
 * @param effectivePriority with tracking; what is advertised, and 0 where it is not fit to be
 *     active
 * @param tracked all that it tracks itself, by itself; the contributions are those of its whole
 *     group
 * @param offering whether it is active but has offered the addresses to its peers (priority 0)
 * @param interval own advertisement interval
 * @param activeInterval the interval of the active router this one follows (version 3 learns it)
 * @param skew what a backup of this priority waits after a resignation
 * @param activeDown what it waits in silence until it takes over
 * @param sources our own addresses it speaks from, one for each family, once known
 * @param addresses the virtual addresses with whether the kernel has them now by our doing
 * @param virtualLinks those with its virtual MAC addresses; none where it answers from its
 *     interface's own
 * @param routes the routes and rules that float with it, and whether the kernel has them now
 * @param peers every router heard for this one, latest first
 * @param discarded messages not accepted, by kind
 * @param odd accepted advertisements with something odd about them, by kind
 * @param remarks the last of each kind that was discarded or odd
 * @param forOthers datagrams on its channel for a VRID that is not configured here
 * @param announcements gratuitous ARP and unsolicited neighbour advertisements sent
 * @param untilNext time until it would act with nothing arriving
 * @param warnings what is amiss on the network, at present or not long ago
 * @param troubles what the kernel refuses at present, in words
 */
public record RouterStatus(
        String name,
        Optional<String> group,
        String interfaceName,
        int routerId,
        int version,
        RouterState state,
        Instant since,
        String why,
        int priority,
        int effectivePriority,
        List<Contribution> contributions,
        List<Tracking.Item> tracked,
        boolean offering,
        Duration interval,
        Duration activeInterval,
        Duration skew,
        Duration activeDown,
        List<InetAddress> sources,
        List<Address> addresses,
        List<VirtualLink> virtualLinks,
        List<Route> routes,
        List<Peer> peers,
        long sent,
        long received,
        Map<String, Long> discarded,
        Map<String, Long> odd,
        List<Remark> remarks,
        long forOthers,
        long announcements,
        long transitions,
        Optional<Duration> untilNext,
        List<Warning> warnings,
        List<String> troubles) {
    public RouterStatus {
        contributions = List.copyOf(contributions);
        tracked = List.copyOf(tracked);
        sources = List.copyOf(sources);
        warnings = List.copyOf(warnings);
        addresses = List.copyOf(addresses);
        virtualLinks = List.copyOf(virtualLinks);
        routes = List.copyOf(routes);
        peers = List.copyOf(peers);
        discarded = Map.copyOf(discarded);
        odd = Map.copyOf(odd);
        remarks = List.copyOf(remarks);
        troubles = List.copyOf(troubles);
    }

    /** A virtual address and whether this host holds it. */
    public record Address(InetAddress address, int prefixLength, boolean held) {}

    /**
     * A link with a virtual MAC address.
     *
     * @param mac as {@code 00:00:5e:00:01:33}
     * @param up whether it answers
     */
    public record VirtualLink(String name, String mac, boolean up) {}

    /** A route or rule, in words, and whether it is there by our doing. */
    public record Route(String what, boolean held) {}

    /**
     * Something amiss on the network.
     *
     * @param kind its name in metrics, such as {@code dual-active-suspected}
     * @param detail in words, with what to look at
     * @param ago how long ago it was seen last
     */
    public record Warning(String kind, String detail, Duration ago) {
        /** Two hosts have, or seem to have, the addresses. */
        public static final String DUAL_ACTIVE = "dual-active-suspected";

        /** The active router is heard in one place and not in another, where it should be too. */
        public static final String HALF_HEARD = "half-heard";
    }

    /**
     * The last message of a kind that was discarded or odd.
     *
     * @param kind as in the counters
     * @param detail what was wrong with it, in words
     */
    public record Remark(String kind, InetAddress from, String detail, Duration ago) {}

    /** A router heard from, what it said last, and how long ago. */
    public record Peer(InetAddress address, int priority, Duration interval, Duration ago) {}
}
