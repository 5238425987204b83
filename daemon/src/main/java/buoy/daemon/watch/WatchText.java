package buoy.daemon.watch;

import buoy.config.model.AddressText;
import buoy.daemon.watch.packet.Explained;
import buoy.daemon.watch.packet.Packet;
import buoy.daemon.watch.packet.Seen;
import buoy.daemon.watch.packet.Spans;
import buoy.daemon.watch.packet.Warning;
import buoy.linux.layout.MacAddress;
import buoy.vrrp.wire.Dissected;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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

    /** The columns of a packet itself. */
    private record Cells(
            String what,
            String source,
            String routerId,
            String priority,
            String every,
            String ttl,
            String checksum,
            String rest) {
        Cells with(String tags) {
            return new Cells(what, source, routerId, priority, every, ttl, checksum, rest + tags);
        }
    }

    @Override
    public String head() {
        return line(
                "TIME (UTC)",
                "INTERFACE",
                "GAP",
                new Cells(
                        "WHAT", "SOURCE", "VRID", "PRIO", "EVERY", "TTL", "CHECKSUM", "ADDRESSES"));
    }

    @Override
    public String packet(Seen seen) {
        packets++;
        List<Warning> warnings = seen.judgement().warnings();
        Cells cells = cells(seen.packet());
        StringBuilder text =
                new StringBuilder(
                        line(
                                TIME.format(seen.at()),
                                seen.link(),
                                seen.judgement().gap().map(Spans::of).orElse("-"),
                                cells.with(tags(warnings))));
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

    private static Cells cells(Packet seen) {
        return switch (seen) {
            case Packet.Protocol112 packet -> protocol112(packet);
            case Packet.GratuitousArp arp ->
                    new Cells(
                            "ARP",
                            arp.holder().toString(),
                            "-",
                            "-",
                            "-",
                            "-",
                            "-",
                            AddressText.of(arp.address()) + (arp.isReply() ? " (reply)" : ""));
            case Packet.NeighbourAdvertisement advertisement ->
                    new Cells(
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
                            AddressText.of(advertisement.address()));
        };
    }

    private static Cells protocol112(Packet.Protocol112 packet) {
        String source = AddressText.of(packet.source());
        String ttl = String.valueOf(packet.ttl());
        return switch (packet.message()) {
            case Dissected.Advertisement advertisement ->
                    new Cells(
                            "VRRPv" + advertisement.version(),
                            source,
                            String.valueOf(advertisement.routerId()),
                            String.valueOf(advertisement.priority()),
                            Spans.of(advertisement.interval()),
                            ttl,
                            advertisement.checksum().toString(),
                            addresses(advertisement));
            case Dissected.Carp carp ->
                    new Cells(
                            "CARP",
                            source,
                            String.valueOf(carp.virtualHost()),
                            "-",
                            Spans.of(carp.interval()),
                            ttl,
                            carp.checksum().toString(),
                            "skew %d, demotion %d".formatted(carp.skew(), carp.demotion()));
            case Dissected.Unreadable _ -> new Cells("?", source, "-", "-", "-", ttl, "-", "-");
        };
    }

    private static String addresses(Dissected.Advertisement advertisement) {
        String list =
                advertisement.addresses().stream()
                        .map(AddressText::of)
                        .collect(Collectors.joining(" "));
        return switch (advertisement.authentication()) {
            case 0 -> list;
            case 1 -> list + " (with a password)";
            default -> list + " (authentication " + advertisement.authentication() + ")";
        };
    }

    private String line(String time, String link, String gap, Cells cells) {
        return "%-15s %s%9s  %-6s  %-25s %4s %4s %8s %4s  %-21s  %s%n"
                .formatted(
                        time,
                        withInterface ? "%-10s ".formatted(link) : "",
                        gap,
                        cells.what(),
                        cells.source(),
                        cells.routerId(),
                        cells.priority(),
                        cells.every(),
                        cells.ttl(),
                        cells.checksum(),
                        cells.rest());
    }
}
