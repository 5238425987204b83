package buoy.config;

import buoy.config.model.AddressText;
import buoy.config.model.VirtualRouter.Reach;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** {@code vrrp.NAME.unicast}. */
final class UnicastReader {
    private UnicastReader() {}

    /** {@code family} is that of the router's addresses, where it is known. */
    static Optional<Reach> read(Section s, Optional<Family> family) {
        Claims<InetAddress> once = new Claims<>(s.problems(), "name each peer once");
        List<Section.Item<InetAddress>> peers = s.requiredList("peers", Addresses::address);
        Optional<InetAddress> source = s.optional("source", Addresses::address);
        for (Section.Item<InetAddress> peer : peers) {
            String shown = AddressText.of(peer.value());
            once.claim(peer.value(), shown, peer.place(), peer.path());
            judgeFamily(s, peer.value(), family, peer.place(), peer.path());
            if (source.filter(peer.value()::equals).isPresent()) {
                s.problems()
                        .reject(
                                peer.place(),
                                peer.path(),
                                shown + " is our own source (name the other hosts)");
            }
        }
        source.ifPresent(a -> judgeFamily(s, a, family, s.place("source"), s.path("source")));
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
            Section s, InetAddress address, Optional<Family> family, Place place, String path) {
        family.filter(f -> f != Family.of(address))
                .ifPresent(
                        f ->
                                s.problems()
                                        .reject(
                                                place,
                                                path,
                                                "must be %s as the router's addresses are, got %s"
                                                        .formatted(f, AddressText.of(address))));
    }
}
