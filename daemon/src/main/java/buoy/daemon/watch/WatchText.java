package buoy.daemon.watch;

import buoy.config.model.AddressText;
import buoy.daemon.watch.packet.Explained;
import buoy.daemon.watch.packet.Packet;
import buoy.daemon.watch.packet.Seen;
import buoy.daemon.watch.packet.Spans;
import buoy.daemon.watch.packet.Warning;
import buoy.linux.layout.MacAddress;
import buoy.vrrp.wire.Dissected;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * One aligned line a packet, the words for its warnings at the end; a warning is explained below
 * when it is new, and again a minute later.
 */
final class WatchText implements Watch.Rendering {
    private static final Duration EXPLAINED = Duration.ofMinutes(1);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSSSSS", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final boolean withInterface;
    private final Explained explained = new Explained(EXPLAINED);
    private final Map<String, Long> warned = new TreeMap<>();
    private long packets;

    WatchText(boolean withInterface) {
        this.withInterface = withInterface;
    }

    @Override
    public String head() {
        return line(
                "TIME (UTC)",
                "INTERFACE",
                "GAP",
                "WHAT",
                "SOURCE",
                "VRID",
                "PRIO",
                "EVERY",
                "TTL",
                "CHECKSUM",
                "ADDRESSES");
    }

    @Override
    public String packet(Seen seen) {
        packets++;
        List<Warning> warnings = seen.judgement().warnings();
        StringBuilder text = new StringBuilder(row(seen, tags(warnings)));
        for (Warning warning : warnings) {
            warned.merge(warning.kind(), 1L, Long::sum);
            if (explained.isDue(seen, warning)) {
                text.append("    ! %s: %s%n".formatted(warning.kind(), warning.text()));
            }
        }
        return text.toString();
    }

    @Override
    public String foot(long missed) {
        StringBuilder text = new StringBuilder("%d packets".formatted(packets));
        warned.forEach((kind, times) -> text.append(", %d %s".formatted(times, kind)));
        if (missed > 0) {
            text.append("; %d more passed too fast to be seen".formatted(missed));
        }
        return text.append('\n').toString();
    }

    private static String tags(List<Warning> warnings) {
        return warnings.isEmpty()
                ? ""
                : "  ! " + warnings.stream().map(Warning::kind).collect(Collectors.joining(", "));
    }

    private String row(Seen seen, String tags) {
        return switch (seen.packet()) {
            case Packet.Protocol112 packet -> protocol112(seen, packet, tags);
            case Packet.GratuitousArp arp ->
                    row(
                            seen,
                            "ARP",
                            arp.holder().toString(),
                            "-",
                            "-",
                            "-",
                            "-",
                            "-",
                            AddressText.of(arp.address())
                                    + (arp.isReply() ? " (reply)" : "")
                                    + tags);
            case Packet.NeighbourAdvertisement advertisement ->
                    row(
                            seen,
                            "NA",
                            advertisement
                                    .holder()
                                    .map(MacAddress::toString)
                                    .orElse(AddressText.of(advertisement.source())),
                            "-",
                            "-",
                            "-",
                            String.valueOf(advertisement.hopLimit()),
                            advertisement.checksumIsRight() ? "ok" : "bad",
                            AddressText.of(advertisement.address()) + tags);
        };
    }

    private String protocol112(Seen seen, Packet.Protocol112 packet, String tags) {
        String source = AddressText.of(packet.source());
        String ttl = String.valueOf(packet.ttl());
        return switch (packet.message()) {
            case Dissected.Advertisement advertisement ->
                    row(
                            seen,
                            "VRRPv" + advertisement.version(),
                            source,
                            String.valueOf(advertisement.routerId()),
                            String.valueOf(advertisement.priority()),
                            Spans.of(advertisement.interval()),
                            ttl,
                            advertisement.checksum().toString(),
                            addresses(advertisement) + tags);
            case Dissected.Carp carp ->
                    row(
                            seen,
                            "CARP",
                            source,
                            String.valueOf(carp.virtualHost()),
                            "-",
                            Spans.of(carp.interval()),
                            ttl,
                            carp.checksum().toString(),
                            "skew %d, demotion %d".formatted(carp.skew(), carp.demotion()) + tags);
            case Dissected.Unreadable _ ->
                    row(seen, "?", source, "-", "-", "-", ttl, "-", tags.strip());
        };
    }

    private static String addresses(Dissected.Advertisement advertisement) {
        String list =
                advertisement.addresses().stream()
                        .map(WatchText::address)
                        .collect(Collectors.joining(" "));
        return switch (advertisement.authentication()) {
            case 0 -> list;
            case 1 -> list + " (with a password)";
            default -> list + " (authentication " + advertisement.authentication() + ")";
        };
    }

    private static String address(InetAddress address) {
        return AddressText.of(address);
    }

    private String row(
            Seen seen,
            String what,
            String source,
            String routerId,
            String priority,
            String every,
            String ttl,
            String checksum,
            String rest) {
        return line(
                time(seen.at()),
                seen.link(),
                gap(seen.judgement().gap()),
                what,
                source,
                routerId,
                priority,
                every,
                ttl,
                checksum,
                rest);
    }

    private String line(
            String time,
            String link,
            String gap,
            String what,
            String source,
            String routerId,
            String priority,
            String every,
            String ttl,
            String checksum,
            String rest) {
        return "%-15s %s%9s  %-6s  %-25s %4s %4s %8s %4s  %-21s  %s"
                        .formatted(
                                time,
                                withInterface ? "%-10s ".formatted(link) : "",
                                gap,
                                what,
                                source,
                                routerId,
                                priority,
                                every,
                                ttl,
                                checksum,
                                rest)
                        .stripTrailing()
                + "\n";
    }

    private static String time(Instant at) {
        return TIME.format(at);
    }

    private static String gap(Optional<Duration> gap) {
        return gap.map(Spans::of).orElse("-");
    }
}
