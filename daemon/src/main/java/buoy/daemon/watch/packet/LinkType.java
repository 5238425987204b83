package buoy.daemon.watch.packet;

import buoy.linux.layout.MacAddress;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;

/** How a frame of a capture begins: the link-layer header types of libpcap that carry IP here. */
public enum LinkType {
    ETHERNET(1) {
        @Override
        Optional<Sighting> read(Bytes frame) {
            if (!frame.has(ETHERNET_HEADER)) {
                return Optional.empty();
            }
            Optional<MacAddress> mac = Optional.of(frame.macAt(6));
            int type = frame.shortAt(12);
            if (type != TAGGED || !frame.has(ETHERNET_HEADER + TAG)) {
                return payload(NOWHERE, NOWHERE, mac, type, frame.after(ETHERNET_HEADER));
            }
            OptionalInt vlan = OptionalInt.of(frame.shortAt(14) & 0x0fff);
            return payload(
                    NOWHERE, vlan, mac, frame.shortAt(16), frame.after(ETHERNET_HEADER + TAG));
        }
    },
    /** No header at all: a tunnel. */
    RAW_IP(12) {
        @Override
        Optional<Sighting> read(Bytes frame) {
            int type = frame.has(1) && frame.at(0) >> 4 == 6 ? IpPacket.IPV6 : IpPacket.IPV4;
            return payload(NOWHERE, NOWHERE, Optional.empty(), type, frame);
        }
    },
    /** All interfaces at once, without a word about which. */
    LINUX_COOKED(113) {
        @Override
        Optional<Sighting> read(Bytes frame) {
            if (!frame.has(16)) {
                return Optional.empty();
            }
            return payload(NOWHERE, NOWHERE, mac(frame, 4, 6), frame.shortAt(14), frame.after(16));
        }
    },
    /** All interfaces at once. */
    LINUX_COOKED_2(276) {
        @Override
        Optional<Sighting> read(Bytes frame) {
            if (!frame.has(20)) {
                return Optional.empty();
            }
            Optional<MacAddress> mac =
                    frame.at(11) == MacAddress.LENGTH
                            ? Optional.of(frame.macAt(12))
                            : Optional.empty();
            return payload(
                    OptionalInt.of(frame.intAt(4)),
                    NOWHERE,
                    mac,
                    frame.shortAt(0),
                    frame.after(20));
        }
    };

    private static final OptionalInt NOWHERE = OptionalInt.empty();
    private static final int ETHERNET_HEADER = 14;

    /** IEEE 802.1Q. */
    private static final int TAGGED = 0x8100;

    private static final int TAG = 4;

    private final int number;

    LinkType(int number) {
        this.number = number;
    }

    /** The one that libpcap calls by this number, if we read it. */
    public static Optional<LinkType> of(int number) {
        return Arrays.stream(values()).filter(each -> each.number == number).findFirst();
    }

    public int number() {
        return number;
    }

    /** Whether its frames say which interface they passed. */
    public boolean tellsInterface() {
        return this == LINUX_COOKED_2;
    }

    /** The packet in a captured frame, if it is one to watch. Nothing captured makes it throw. */
    public Optional<Sighting> read(byte[] frame) {
        return read(Bytes.of(frame));
    }

    abstract Optional<Sighting> read(Bytes frame);

    private static Optional<MacAddress> mac(Bytes frame, int lengthAt, int at) {
        return frame.shortAt(lengthAt) == MacAddress.LENGTH
                ? Optional.of(frame.macAt(at))
                : Optional.empty();
    }

    private static Optional<Sighting> payload(
            OptionalInt interfaceIndex,
            OptionalInt vlan,
            Optional<MacAddress> mac,
            int etherType,
            Bytes payload) {
        Optional<Packet> packet =
                etherType == ArpPacket.ARP
                        ? ArpPacket.read(mac, payload)
                        : IpPacket.read(mac, etherType, payload);
        return packet.map(found -> new Sighting(interfaceIndex, vlan, found));
    }
}
