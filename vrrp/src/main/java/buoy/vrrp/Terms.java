package buoy.vrrp;

import buoy.config.model.Prefix;
import buoy.config.model.VirtualRouter;
import buoy.config.model.VirtualRouter.Checksum;
import buoy.config.model.VirtualRouter.Reach;
import buoy.vrrp.Lan.Opening;
import buoy.vrrp.Links.Link;
import buoy.vrrp.core.Admission;
import buoy.vrrp.core.Election;
import buoy.vrrp.core.Rules;
import buoy.vrrp.wire.WireFormat;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What one router goes by at present, in the words of the core and of the wire.
 *
 * @param tracking its effective priority, and why
 */
record Terms(
        VirtualRouter config,
        Tracking tracking,
        Election election,
        WireFormat format,
        Admission admission) {

    /**
     * Translates a configuration.
     *
     * @param self our own address on the link
     */
    static Terms of(VirtualRouter config, Tracking tracking, InetAddress self) {
        Rules rules =
                new Rules(
                        Identity.version(config),
                        tracking.effective(),
                        config.advertise(),
                        config.preempt(),
                        config.preemptDelay(),
                        self);
        WireFormat format =
                new WireFormat(
                        Identity.version(config),
                        config.routerId(),
                        leastTtl(config.reach()),
                        config.checksum() == Checksum.COMPATIBLE);
        return new Terms(
                config,
                tracking,
                new Election(rules),
                format,
                new Admission(rules, Set.copyOf(addresses(config)), peers(config.reach())));
    }

    Rules rules() {
        return election.rules();
    }

    boolean isMulticast() {
        return config.reach() instanceof Reach.Multicast;
    }

    /** The virtual addresses, in the order advertised. */
    List<InetAddress> addresses() {
        return addresses(config);
    }

    static List<InetAddress> addresses(VirtualRouter config) {
        boolean ipv6 = SourceChoice.isIpv6(config);
        return config.addresses().stream()
                .map(Prefix::address)
                .filter(address -> address instanceof Inet6Address == ipv6)
                .toList();
    }

    /** The channel it speaks and listens on, given a link and our own address there. */
    Opening opening(Link link, InetAddress source) {
        return switch (config.reach()) {
            case Reach.Multicast _ ->
                    new Opening(
                            link.index(),
                            link.name(),
                            source,
                            Optional.of(group()),
                            WireFormat.TTL);
            case Reach.Unicast unicast ->
                    new Opening(link.index(), link.name(), source, Optional.empty(), unicast.ttl());
        };
    }

    /** Where an advertisement goes: to the group, or to each peer. */
    List<InetAddress> destinations() {
        return switch (config.reach()) {
            case Reach.Multicast _ -> List.of(group());
            case Reach.Unicast unicast -> unicast.peers();
        };
    }

    private InetAddress group() {
        return WireFormat.group(SourceChoice.isIpv6(config));
    }

    private static int leastTtl(Reach reach) {
        return switch (reach) {
            case Reach.Multicast _ -> WireFormat.TTL;
            case Reach.Unicast unicast -> unicast.minTtl();
        };
    }

    private static Set<InetAddress> peers(Reach reach) {
        return switch (reach) {
            case Reach.Multicast _ -> Set.of();
            case Reach.Unicast unicast -> Set.copyOf(unicast.peers());
        };
    }
}
