package buoy.daemon.watch.packet;

import buoy.config.model.AddressText;
import buoy.linux.layout.MacAddress;
import buoy.vrrp.wire.Dissected;
import buoy.vrrp.wire.Dissected.Checksum;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What was said about one VRID of one family on one link, and by whom. */
final class RouterConduct {
    private static final int MOST_SENDERS = 32;

    /** An advertisement this late is remarked on; peers take over at three intervals. */
    private static final double LATE = 1.5;

    private static final Duration CARP_IS_GONE = Duration.ofMinutes(1);

    /** One active router sends to a group, or to each peer. */
    private record Stream(InetAddress source, InetAddress destination) {}

    private record Said(
            Instant at,
            InetAddress source,
            Optional<MacAddress> mac,
            Dissected.Advertisement advertisement) {
        boolean resigned() {
            return advertisement.priority() == 0;
        }
    }

    private record CarpSaid(Instant at, InetAddress source) {}

    private final boolean ipv6;
    private final int routerId;
    private final Recent<Stream, Said> streams = new Recent<>(MOST_SENDERS);
    private @Nullable CarpSaid carp;

    RouterConduct(boolean ipv6, int routerId) {
        this.ipv6 = ipv6;
        this.routerId = routerId;
    }

    Optional<Duration> carp(
            Instant at,
            Packet.Protocol112 packet,
            Dissected.Carp announcement,
            List<Warning> warnings) {
        Optional<Duration> gap =
                Optional.ofNullable(carp)
                        .filter(before -> before.source().equals(packet.source()))
                        .map(before -> Duration.between(before.at(), at));
        carp = new CarpSaid(at, packet.source());
        if (announcement.checksum() == Checksum.BAD) {
            warnings.add(warning("bad-checksum", packet, "its checksum is wrong"));
        }
        latest().ifPresent(said -> warnings.add(sharedWithCarp(packet.source(), said.source())));
        return gap;
    }

    Optional<Duration> advertisement(
            Instant at,
            Packet.Protocol112 packet,
            Dissected.Advertisement advertisement,
            List<Warning> warnings) {
        mac(packet, warnings);
        Optional.ofNullable(carp)
                .filter(said -> Duration.between(said.at(), at).compareTo(CARP_IS_GONE) < 0)
                .ifPresent(said -> warnings.add(sharedWithCarp(said.source(), packet.source())));
        Stream stream = new Stream(packet.source(), packet.destination());
        Said before = streams.get(stream);
        Optional<Duration> gap =
                Optional.ofNullable(before).map(then -> Duration.between(then.at(), at));
        if (advertisement.flaw().isPresent()) {
            // Everybody discards it: it proves nothing about the others.
            String flaw = advertisement.flaw().get().detail();
            warnings.add(warning(advertisement.flaw().get().kind(), packet, flaw));
            return gap;
        }
        if (advertisement.priority() == 0) {
            warnings.add(
                    warning(
                            "resign",
                            packet,
                            "it gives the addresses up (priority 0): a backup takes over within its skew time"));
        }
        compare(at, packet, advertisement, before, warnings);
        streams.put(stream, new Said(at, packet.source(), packet.mac(), advertisement));
        return gap;
    }

    private void compare(
            Instant at,
            Packet.Protocol112 packet,
            Dissected.Advertisement now,
            @Nullable Said before,
            List<Warning> warnings) {
        boolean otherSince = false;
        for (Said said : others(packet.source())) {
            otherSince |= before == null || said.at().isAfter(before.at());
            if (before != null && bothActive(at, now, before, said)) {
                warnings.add(
                        warning(
                                "two-active",
                                packet,
                                "%s is active too (priority %d, here %d): they do not hear each other, or one of them does not yield"
                                        .formatted(
                                                AddressText.of(said.source()),
                                                said.advertisement().priority(),
                                                now.priority())));
            }
            differences(at, packet, now, said, warnings);
        }
        if (before != null && !before.resigned() && !otherSince) {
            late(Duration.between(before.at(), at), packet, before.advertisement(), warnings);
        }
    }

    /** Heard in turn, within the time a backup would wait: neither has yielded. */
    private static boolean bothActive(
            Instant at, Dissected.Advertisement now, Said before, Said other) {
        Duration patience = before.advertisement().interval().multipliedBy(3);
        return now.priority() != 0
                && !before.resigned()
                && !other.resigned()
                && other.at().isAfter(before.at())
                && Duration.between(before.at(), at).compareTo(patience) <= 0;
    }

    private void differences(
            Instant at,
            Packet.Protocol112 packet,
            Dissected.Advertisement now,
            Said said,
            List<Warning> warnings) {
        Dissected.Advertisement theirs = said.advertisement();
        String when =
                "%s (%s ago)"
                        .formatted(
                                AddressText.of(said.source()),
                                Spans.of(Duration.between(said.at(), at)));
        if (theirs.version() != now.version()) {
            warnings.add(
                    warning(
                            "version-mismatch",
                            packet,
                            "version %d, but %s spoke version %d: neither heeds the other"
                                    .formatted(now.version(), when, theirs.version())));
        }
        if (!theirs.interval().equals(now.interval())) {
            warnings.add(
                    warning(
                            "interval-mismatch",
                            packet,
                            "every %s, but %s said every %s"
                                    .formatted(
                                            Spans.of(now.interval()),
                                            when,
                                            Spans.of(theirs.interval()))));
        }
        if (!Set.copyOf(theirs.addresses()).equals(Set.copyOf(now.addresses()))) {
            warnings.add(
                    warning(
                            "address-list-mismatch",
                            packet,
                            "%s, but %s said %s"
                                    .formatted(
                                            list(now.addresses()),
                                            when,
                                            list(theirs.addresses()))));
        }
        if (theirs.checksum() != now.checksum() && theirs.version() == now.version()) {
            warnings.add(
                    warning(
                            "checksum-mismatch",
                            packet,
                            "checksum %s, but %s had it %s: keepalived drops what has no pseudo-header"
                                    .formatted(now.checksum(), when, theirs.checksum())));
        }
    }

    private void late(
            Duration gap,
            Packet.Protocol112 packet,
            Dissected.Advertisement promised,
            List<Warning> warnings) {
        double intervals = (double) gap.toNanos() / promised.interval().toNanos();
        if (intervals > LATE) {
            warnings.add(
                    warning(
                            "late",
                            packet,
                            "%s after the last one, which promised %s: backups take over after three times that and their skew time"
                                    .formatted(Spans.of(gap), Spans.of(promised.interval()))));
        }
    }

    private void mac(Packet.Protocol112 packet, List<Warning> warnings) {
        MacAddress mac = packet.mac().orElse(null);
        if (mac != null && VirtualMac.isOne(mac) && !mac.equals(VirtualMac.of(ipv6, routerId))) {
            warnings.add(
                    warning(
                            "wrong-virtual-mac",
                            packet,
                            "it sends from %s, which is %s; its own would be %s"
                                    .formatted(
                                            mac,
                                            VirtualMac.describe(mac),
                                            VirtualMac.of(ipv6, routerId))));
        }
    }

    /** Whether an active router of this VRID has this address. */
    boolean floats(InetAddress address) {
        return streams.values().stream()
                .anyMatch(said -> said.advertisement().addresses().contains(address));
    }

    /** Somebody told where a virtual address is. */
    void announced(InetAddress address, MacAddress holder, List<Warning> warnings) {
        MacAddress virtual = VirtualMac.of(ipv6, routerId);
        if (VirtualMac.isOne(holder) && !holder.equals(virtual)) {
            warnings.add(
                    new Warning(
                            "wrong-virtual-mac",
                            "%s of VRID %d is announced at %s, which is %s; its own would be %s"
                                    .formatted(
                                            AddressText.of(address),
                                            routerId,
                                            holder,
                                            VirtualMac.describe(holder),
                                            virtual)));
            return;
        }
        Optional<MacAddress> active = latest().flatMap(Said::mac);
        if (!holder.equals(virtual) && active.isPresent() && !active.get().equals(holder)) {
            warnings.add(
                    new Warning(
                            "other-announcer",
                            "%s of VRID %d is announced at %s, but its active router sends from %s: somebody else has the address too"
                                    .formatted(
                                            AddressText.of(address),
                                            routerId,
                                            holder,
                                            active.get())));
        }
    }

    /** What each other sender said last, to whomever. */
    private Collection<Said> others(InetAddress source) {
        Map<InetAddress, Said> others = new LinkedHashMap<>();
        for (Said said : streams.values()) {
            if (!said.source().equals(source)) {
                others.merge(said.source(), said, RouterConduct::later);
            }
        }
        return others.values();
    }

    private static Said later(Said one, Said two) {
        return one.at().isAfter(two.at()) ? one : two;
    }

    private Optional<Said> latest() {
        return streams.values().stream().max(Comparator.comparing(Said::at));
    }

    private Warning sharedWithCarp(InetAddress carp, InetAddress vrrp) {
        return new Warning(
                "carp",
                "VRID %d is used by CARP (%s) and by VRRP (%s): they share a virtual MAC address and must differ"
                        .formatted(routerId, AddressText.of(carp), AddressText.of(vrrp)));
    }

    private Warning warning(String kind, Packet.Protocol112 packet, String text) {
        return new Warning(
                kind, "VRID %d, %s: %s".formatted(routerId, AddressText.of(packet.source()), text));
    }

    private static String list(List<InetAddress> addresses) {
        return addresses.stream().map(AddressText::of).collect(Collectors.joining(" "));
    }
}
