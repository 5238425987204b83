package buoy.daemon.watch.packet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import buoy.linux.layout.GratuitousArp;
import buoy.linux.layout.MacAddress;
import buoy.linux.layout.NeighbourAdvertisement;
import buoy.vrrp.wire.Dissected;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalInt;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class LinkTypeTest {
    private static final MacAddress MAC = MacAddress.parse("02:00:00:00:00:01");

    /** As keepalived 2.2.7 sent it: TOS 0xc0, TTL 255, then VRRP. */
    private static final String IPV4 =
            "45c00020000100 00ff70abcd c6336401 e0000012".replace(" ", "");

    private static final String ADVERTISEMENT = "313396010064030bc6336464";
    private static final String ETHERNET = "01005e000012" + "020000000001";

    private static Optional<Sighting> read(LinkType type, String hex) {
        return type.read(HexFormat.of().parseHex(hex));
    }

    private static Packet.Protocol112 protocol112(Optional<Sighting> sighting) {
        return (Packet.Protocol112) sighting.orElseThrow().packet();
    }

    @Test
    void anAdvertisementOverEthernet() {
        // Ethernet pads to 60 bytes; what is behind the packet is none of it.
        Packet.Protocol112 packet =
                protocol112(
                        read(
                                LinkType.ETHERNET,
                                ETHERNET + "0800" + IPV4 + ADVERTISEMENT + "00".repeat(14)));
        assertThat(packet.mac()).contains(MAC);
        assertThat(packet.source()).isEqualTo(InetAddress.ofLiteral("198.51.100.1"));
        assertThat(packet.destination()).isEqualTo(InetAddress.ofLiteral("224.0.0.18"));
        assertThat(packet.ttl()).isEqualTo(255);
        assertThat(packet.message()).isInstanceOf(Dissected.Advertisement.class);
    }

    @Test
    void theTagOfAVlanIsKept() {
        Sighting sighting =
                read(LinkType.ETHERNET, ETHERNET + "81006014" + "0800" + IPV4 + ADVERTISEMENT)
                        .orElseThrow();
        assertThat(sighting.vlan()).hasValue(20);
        assertThat(sighting.packet()).isInstanceOf(Packet.Protocol112.class);
    }

    @Test
    void theCookedFormTellsTheInterface() {
        Sighting sighting =
                read(
                                LinkType.LINUX_COOKED_2,
                                "08000000"
                                        + "00000007"
                                        + "0001"
                                        + "0406"
                                        + "0200000000010000"
                                        + IPV4
                                        + ADVERTISEMENT)
                        .orElseThrow();
        assertThat(sighting.interfaceIndex()).isEqualTo(OptionalInt.of(7));
        assertThat(sighting.packet().mac()).contains(MAC);
    }

    @Test
    void theOlderCookedFormAndNoHeaderAtAll() {
        assertThat(
                        protocol112(
                                        read(
                                                LinkType.LINUX_COOKED,
                                                "0004000100060200000000010000"
                                                        + "0800"
                                                        + IPV4
                                                        + ADVERTISEMENT))
                                .mac())
                .contains(MAC);
        assertThat(protocol112(read(LinkType.RAW_IP, IPV4 + ADVERTISEMENT)).mac()).isEmpty();
    }

    @Test
    void ourOwnGratuitousArpIsOne() throws Exception {
        byte[] frame =
                GratuitousArp.frame(MAC, (Inet4Address) InetAddress.ofLiteral("198.51.100.100"));
        assertThat(LinkType.ETHERNET.read(frame).map(Sighting::packet))
                .contains(
                        new Packet.GratuitousArp(
                                Optional.of(MAC),
                                MAC,
                                InetAddress.ofLiteral("198.51.100.100"),
                                false));
    }

    @Test
    void arpThatAsksIsNone() {
        String question =
                "ffffffffffff0200000000010806"
                        + "00010800060400010200000000"
                        + "01c63364010000000000"
                        + "00c6336464";
        assertThat(read(LinkType.ETHERNET, question)).isEmpty();
    }

    @Test
    void ourOwnUnsolicitedAdvertisementIsOne() {
        byte[] frame =
                NeighbourAdvertisement.frame(
                        MAC, (Inet6Address) InetAddress.ofLiteral("2001:db8::100"), true);
        assertThat(LinkType.ETHERNET.read(frame).map(Sighting::packet))
                .contains(
                        new Packet.NeighbourAdvertisement(
                                Optional.of(MAC),
                                InetAddress.ofLiteral("2001:db8::100"),
                                InetAddress.ofLiteral("2001:db8::100"),
                                Optional.of(MAC),
                                255,
                                true,
                                true,
                                true));
        frame[56] ^= 1;
        assertThat(
                        LinkType.ETHERNET.read(frame).orElseThrow().packet()
                                        instanceof Packet.NeighbourAdvertisement damaged
                                && !damaged.checksumIsRight())
                .isTrue();
        frame[14 + 40 + 4] |= 0x40;
        assertThat(LinkType.ETHERNET.read(frame)).as("solicited").isEmpty();
    }

    @Test
    void otherProtocolsAndLaterFragmentsAreNone() {
        String udp = IPV4.replace("ff70", "ff11");
        String later = IPV4.replace("00010000", "00010010");
        assertThat(read(LinkType.ETHERNET, ETHERNET + "0800" + udp + ADVERTISEMENT)).isEmpty();
        assertThat(read(LinkType.ETHERNET, ETHERNET + "0800" + later + ADVERTISEMENT)).isEmpty();
    }

    @Property
    void nothingCapturedMakesItThrow(@ForAll LinkType type, @ForAll byte[] frame) {
        assertThatCode(() -> type.read(frame)).doesNotThrowAnyException();
    }

    /** Random bytes seldom get beyond the first header: these do. */
    @Property
    void nothingBehindTheHeaderMakesItThrow(
            @ForAll boolean ipv6, @ForAll boolean icmp, @ForAll byte[] rest) {
        byte[] frame = new byte[14 + rest.length];
        System.arraycopy(rest, 0, frame, 14, rest.length);
        frame[12] = (byte) (ipv6 ? 0x86 : 0x08);
        frame[13] = (byte) (ipv6 ? 0xdd : 0x00);
        int protocolAt = 14 + (ipv6 ? 6 : 9);
        if (protocolAt < frame.length) {
            frame[protocolAt] = (byte) (ipv6 && icmp ? 58 : 112);
        }
        assertThatCode(() -> LinkType.ETHERNET.read(frame)).doesNotThrowAnyException();
    }
}
