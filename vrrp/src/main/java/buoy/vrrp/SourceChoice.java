package buoy.vrrp;

import buoy.config.model.Family;
import buoy.config.model.VirtualRouter;
import buoy.config.model.VirtualRouter.Reach;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Which of a link's addresses a router speaks from (RFC 9568 5.1.1.1 and 5.1.2.1). */
final class SourceChoice {
    private SourceChoice() {}

    /**
     * The configured source; else the link's primary address, for IPv6 in multicast its link-local
     * one. Never a virtual address, which may be on another host tomorrow, unless this router owns
     * the addresses and there is no other.
     */
    static Optional<InetAddress> of(
            VirtualRouter router,
            Family family,
            List<AddressTable.Entry> entries,
            Set<InetAddress> virtual) {
        Reach reach = Terms.reach(router, family);
        if (reach instanceof Reach.Unicast unicast && unicast.sourceAddress().isPresent()) {
            return unicast.sourceAddress();
        }
        Predicate<InetAddress> suits =
                address ->
                        Family.of(address) == family
                                && (family == Family.IPV4
                                        || address.isLinkLocalAddress() == wantsLinkLocal(reach));
        List<InetAddress> suiting =
                entries.stream().map(AddressTable.Entry::address).filter(suits).toList();
        Optional<InetAddress> own =
                suiting.stream().filter(address -> !virtual.contains(address)).findFirst();
        return own.isPresent() || router.priority() != 255 ? own : suiting.stream().findFirst();
    }

    private static boolean wantsLinkLocal(Reach reach) {
        return switch (reach) {
            case Reach.Multicast _ -> true;
            case Reach.Unicast unicast -> unicast.peers().getFirst().isLinkLocalAddress();
        };
    }
}
