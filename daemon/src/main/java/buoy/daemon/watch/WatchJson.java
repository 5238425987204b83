package buoy.daemon.watch;

import buoy.config.model.AddressText;
import buoy.daemon.json.JsonText;
import buoy.daemon.watch.packet.Packet;
import buoy.daemon.watch.packet.Seen;
import buoy.daemon.watch.packet.Warning;
import buoy.linux.layout.MacAddress;
import buoy.vrrp.wire.Dissected;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * One JSON object a line, each a packet. Names and units as in the status. Members are added, never
 * renamed.
 */
final class WatchJson implements Watch.Rendering {
    private final JsonText json = new JsonText();

    @Override
    public String head() {
        return "";
    }

    @Override
    public String foot(long missed) {
        return "";
    }

    @Override
    public String packet(Seen seen) {
        return json.of(out -> write(out, seen)) + "\n";
    }

    private static void write(JsonGenerator out, Seen seen) throws IOException {
        out.writeStartObject();
        out.writeStringField("time", seen.at().toString());
        if (!seen.link().isEmpty()) {
            out.writeStringField("interface", seen.link());
        }
        if (seen.judgement().gap().isPresent()) {
            seconds(out, "gap-seconds", seen.judgement().gap().get());
        }
        switch (seen.packet()) {
            case Packet.Protocol112 packet -> protocol112(out, packet);
            case Packet.GratuitousArp arp -> {
                out.writeStringField("what", "gratuitous-arp");
                mac(out, "mac", arp.mac());
                address(out, "address", arp.address());
                mac(out, "holder", Optional.of(arp.holder()));
                out.writeBooleanField("reply", arp.isReply());
            }
            case Packet.NeighbourAdvertisement advertisement -> {
                out.writeStringField("what", "neighbour-advertisement");
                mac(out, "mac", advertisement.mac());
                address(out, "source", advertisement.source());
                address(out, "address", advertisement.address());
                mac(out, "holder", advertisement.holder());
                out.writeNumberField("ttl", advertisement.hopLimit());
                out.writeBooleanField("router", advertisement.router());
                out.writeBooleanField("override", advertisement.override());
                out.writeStringField("checksum", advertisement.checksumIsRight() ? "ok" : "bad");
            }
        }
        out.writeArrayFieldStart("warnings");
        for (Warning warning : seen.judgement().warnings()) {
            out.writeStartObject();
            out.writeStringField("kind", warning.kind());
            out.writeStringField("text", warning.text());
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeEndObject();
    }

    private static void protocol112(JsonGenerator out, Packet.Protocol112 packet)
            throws IOException {
        out.writeStringField(
                "what",
                switch (packet.message()) {
                    case Dissected.Advertisement _ -> "vrrp";
                    case Dissected.Carp _ -> "carp";
                    case Dissected.Unreadable _ -> "unreadable";
                });
        mac(out, "mac", packet.mac());
        address(out, "source", packet.source());
        address(out, "destination", packet.destination());
        out.writeNumberField("ttl", packet.ttl());
        switch (packet.message()) {
            case Dissected.Advertisement advertisement -> {
                out.writeNumberField("version", advertisement.version());
                out.writeNumberField("router-id", advertisement.routerId());
                out.writeNumberField("priority", advertisement.priority());
                seconds(out, "interval-seconds", advertisement.interval());
                out.writeArrayFieldStart("addresses");
                for (InetAddress each : advertisement.addresses()) {
                    out.writeString(AddressText.of(each));
                }
                out.writeEndArray();
                out.writeNumberField("authentication", advertisement.authentication());
                out.writeStringField("checksum", advertisement.checksum().toString());
            }
            case Dissected.Carp carp -> {
                out.writeNumberField("router-id", carp.virtualHost());
                out.writeNumberField("skew", carp.skew());
                out.writeNumberField("demotion", carp.demotion());
                seconds(out, "interval-seconds", carp.interval());
                out.writeStringField("checksum", carp.checksum().toString());
            }
            case Dissected.Unreadable _ -> {}
        }
    }

    private static void address(JsonGenerator out, String name, InetAddress value)
            throws IOException {
        out.writeStringField(name, AddressText.of(value));
    }

    private static void mac(JsonGenerator out, String name, Optional<MacAddress> value)
            throws IOException {
        if (value.isPresent()) {
            out.writeStringField(name, value.get().toString());
        }
    }

    private static void seconds(JsonGenerator out, String name, Duration value) throws IOException {
        out.writeNumberField(name, value.toNanos() / 1e9);
    }
}
