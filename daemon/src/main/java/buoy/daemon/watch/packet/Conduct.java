package buoy.daemon.watch.packet;

import buoy.config.model.AddressText;
import buoy.linux.layout.MacAddress;
import buoy.vrrp.wire.Dissected;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What everybody said so far, which the next packet is judged by. It knows no configuration: that
 * two routers disagree is all it can see, not who is right. Bounded, whatever passes.
 */
public final class Conduct {
    private static final int MOST_ROUTERS = 512;
    private static final int MOST_ANNOUNCERS = 4096;
    private static final int TTL = 255;

    /** A VRID has a life of its own for each family (RFC 9568 1.2) and on each link. */
    private record Identity(String link, boolean ipv6, int routerId) {}

    private record Announcer(String link, InetAddress address, Optional<MacAddress> holder) {}

    private final Recent<Identity, RouterConduct> routers = new Recent<>(MOST_ROUTERS);
    private final Recent<Announcer, Instant> announcers = new Recent<>(MOST_ANNOUNCERS);

    /**
     * Judges a packet, and remembers it.
     *
     * @param link the name of the link it passed
     */
    public Judgement judge(Instant at, String link, Packet packet) {
        return switch (packet) {
            case Packet.Protocol112 message -> protocol112(at, link, message);
            case Packet.GratuitousArp arp -> {
                List<Warning> warnings = new ArrayList<>();
                announcement(link, arp.address(), Optional.of(arp.holder()), warnings);
                yield new Judgement(
                        gap(at, link, arp.address(), Optional.of(arp.holder())), warnings);
            }
            case Packet.NeighbourAdvertisement advertisement -> {
                List<Warning> warnings = new ArrayList<>();
                ttl(advertisement.source(), advertisement.hopLimit(), warnings);
                neighbour(advertisement, warnings);
                announcement(link, advertisement.address(), advertisement.holder(), warnings);
                yield new Judgement(
                        gap(at, link, advertisement.address(), advertisement.holder()), warnings);
            }
        };
    }

    private Judgement protocol112(Instant at, String link, Packet.Protocol112 packet) {
        List<Warning> warnings = new ArrayList<>();
        ttl(packet.source(), packet.ttl(), warnings);
        Optional<Duration> gap =
                switch (packet.message()) {
                    case Dissected.Unreadable(var kind, var why) -> {
                        warnings.add(
                                new Warning(
                                        kind,
                                        "%s: %s".formatted(AddressText.of(packet.source()), why)));
                        yield Optional.empty();
                    }
                    case Dissected.Carp carp ->
                            router(link, packet, carp.virtualHost())
                                    .carp(at, packet, carp, warnings);
                    case Dissected.Advertisement advertisement ->
                            router(link, packet, advertisement.routerId())
                                    .advertisement(at, packet, advertisement, warnings);
                };
        return new Judgement(gap, warnings);
    }

    private RouterConduct router(String link, Packet.Protocol112 packet, int routerId) {
        boolean ipv6 = packet.source().getAddress().length == 16;
        return routers.computeIfAbsent(
                new Identity(link, ipv6, routerId), _ -> new RouterConduct(ipv6, routerId));
    }

    private static void ttl(InetAddress source, int ttl, List<Warning> warnings) {
        if (ttl != TTL) {
            warnings.add(
                    new Warning(
                            "wrong-ttl",
                            "%s: TTL %d in place of 255: it came through a router, or its sender is set so; receivers discard it unless they are told otherwise"
                                    .formatted(AddressText.of(source), ttl)));
        }
    }

    private static void neighbour(
            Packet.NeighbourAdvertisement advertisement, List<Warning> warnings) {
        String address = AddressText.of(advertisement.address());
        if (!advertisement.checksumIsRight()) {
            warnings.add(
                    new Warning(
                            "bad-checksum",
                            "%s is announced with a wrong checksum: nobody heeds it"
                                    .formatted(address)));
        }
        if (advertisement.holder().isEmpty() || !advertisement.override()) {
            warnings.add(
                    new Warning(
                            "no-override",
                            "%s is announced without %s: neighbours keep the MAC address they know"
                                    .formatted(
                                            address,
                                            advertisement.override()
                                                    ? "a MAC address"
                                                    : "the override flag")));
        }
    }

    /** Whether who tells where a virtual address is may do so. */
    private void announcement(
            String link, InetAddress address, Optional<MacAddress> holder, List<Warning> warnings) {
        if (holder.isEmpty()) {
            return;
        }
        routers.entrySet().stream()
                .filter(each -> each.getKey().link().equals(link))
                .filter(each -> each.getValue().floats(address))
                .findFirst()
                .ifPresent(each -> each.getValue().announced(address, holder.get(), warnings));
    }

    private Optional<Duration> gap(
            Instant at, String link, InetAddress address, Optional<MacAddress> holder) {
        return Optional.ofNullable(announcers.put(new Announcer(link, address, holder), at))
                .map(before -> Duration.between(before, at));
    }
}
