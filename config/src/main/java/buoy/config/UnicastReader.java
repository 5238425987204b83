package buoy.config;

import buoy.config.model.AddressText;
import buoy.config.model.Family;
import buoy.config.model.VirtualRouter.Reach;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code vrrp.NAME.unicast}. */
final class UnicastReader {
    private UnicastReader() {}

    /** {@code families} are those of the router's addresses; none where they are not known. */
    static Optional<Reach> read(Section s, Set<Family> families) {
        Claims<InetAddress> once = new Claims<>(s.problems(), "name each peer once");
        List<Section.Item<InetAddress>> peers = s.requiredList("peers", Addresses::address);
        Optional<InetAddress> source = s.optional("source", Addresses::address);
        for (Section.Item<InetAddress> peer : peers) {
            String shown = AddressText.of(peer.value());
            once.claim(peer.value(), shown, peer.place(), peer.path());
            judgeFamily(s, peer.value(), families, peer.place(), peer.path());
            if (source.filter(peer.value()::equals).isPresent()) {
                s.problems()
                        .reject(
                                peer.place(),
                                peer.path(),
                                shown + " is our own source (name the other hosts)");
            }
        }
        source.ifPresent(a -> judgeFamily(s, a, families, s.place("source"), s.path("source")));
        judgeCompleteness(s, peers, families);
        int ttl = s.get("ttl", Numbers.between(1, 255), 255);
        int minTtl = s.get("min-ttl", Numbers.between(0, 255), 255);
        return peers.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Reach.Unicast(
                                peers.stream().map(Section.Item::value).toList(),
                                source,
                                ttl,
                                minTtl));
    }

    private static void judgeFamily(
            Section s, InetAddress address, Set<Family> families, Place place, String path) {
        if (!families.isEmpty() && !families.contains(Family.of(address))) {
            s.problems()
                    .reject(
                            place,
                            path,
                            "must be %s as the router's addresses are, got %s"
                                    .formatted(
                                            families.iterator().next(), AddressText.of(address)));
        }
    }

    private static void judgeCompleteness(
            Section s, List<Section.Item<InetAddress>> peers, Set<Family> families) {
        if (families.size() < 2 || peers.isEmpty()) {
            return;
        }
        for (Family family : families) {
            if (peers.stream().noneMatch(peer -> Family.of(peer.value()) == family)) {
                s.warn(
                        "peers",
                        "has no %1$s address: the router's %1$s goes by multicast (add one for each peer, or leave it so)"
                                .formatted(family));
            }
        }
    }
}
