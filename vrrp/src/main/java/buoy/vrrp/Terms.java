package buoy.vrrp;

import buoy.config.model.Family;
import buoy.config.model.Prefix;
import buoy.config.model.VirtualRouter;
import buoy.config.model.VirtualRouter.Checksum;
import buoy.config.model.VirtualRouter.Reach;
import buoy.vrrp.Lan.Opening;
import buoy.vrrp.Links.Link;
import buoy.vrrp.core.Admission;
import buoy.vrrp.core.Advert;
import buoy.vrrp.core.Priority;
import buoy.vrrp.core.Rules;
import buoy.vrrp.core.Version;
import buoy.vrrp.wire.WireFormat;
import java.net.InetAddress;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What one family of a router goes by at present, in the words of the core and of the wire.
 *
 * @param reach that of this family: where unicast peers are configured for the other alone, it is
 *     multicast
 * @param self our own address on the link
 */
record Terms(
        VirtualRouter config,
        Family family,
        Reach reach,
        InetAddress self,
        WireFormat format,
        Admission admission) {

    /** Translates a configuration. */
    static Terms of(VirtualRouter config, Family family, Rules rules, InetAddress self) {
        Version version = Identity.version(config);
        Reach reach = reach(config, family);
        WireFormat format =
                new WireFormat(
                        version,
                        config.routerId(),
                        leastTtl(reach),
                        config.checksum() == Checksum.COMPATIBLE,
                        config.password());
        Admission admission =
                new Admission(
                        rules.withVersion(version),
                        self,
                        Set.copyOf(addresses(config, family)),
                        peers(reach));
        return new Terms(config, family, reach, self, format, admission);
    }

    /** Those it has addresses of, IPv4 first. */
    static Set<Family> families(VirtualRouter config) {
        Set<Family> families = EnumSet.noneOf(Family.class);
        config.addresses().forEach(prefix -> families.add(Family.of(prefix.address())));
        return families;
    }

    boolean isMulticast() {
        return reach instanceof Reach.Multicast;
    }

    /** The virtual addresses of this family, in the order advertised. */
    List<InetAddress> addresses() {
        return addresses(config, family);
    }

    private static List<InetAddress> addresses(VirtualRouter config, Family family) {
        return config.addresses().stream()
                .map(Prefix::address)
                .filter(address -> Family.of(address) == family)
                .toList();
    }

    Advert advert(Priority priority) {
        return new Advert(config.routerId(), priority, config.advertise(), addresses());
    }

    /** The channel it speaks and listens on, given a link and our own address there. */
    Opening opening(Link link, InetAddress source) {
        return switch (reach) {
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
        return switch (reach) {
            case Reach.Multicast _ -> List.of(group());
            case Reach.Unicast unicast -> unicast.peers();
        };
    }

    private InetAddress group() {
        return WireFormat.group(family == Family.IPV6);
    }

    static Reach reach(VirtualRouter config, Family family) {
        return switch (config.reach()) {
            case Reach.Multicast multicast -> multicast;
            case Reach.Unicast unicast -> {
                List<InetAddress> peers =
                        unicast.peers().stream().filter(p -> Family.of(p) == family).toList();
                yield peers.isEmpty()
                        ? new Reach.Multicast()
                        : new Reach.Unicast(
                                peers,
                                unicast.sourceAddress().filter(s -> Family.of(s) == family),
                                unicast.ttl(),
                                unicast.minTtl());
            }
        };
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
