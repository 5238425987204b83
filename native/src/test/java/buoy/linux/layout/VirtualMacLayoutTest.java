package buoy.linux.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Bytes as {@code strace -e write=all ip ...} shows them, but for the order of attributes. */
class VirtualMacLayoutTest {
    @Test
    void makesAMacvlanInBridgeMode() {
        var link = new Macvlan("buoy.51.eth0", 2, MacAddress.parse("00:00:5e:00:01:33"));
        assertThat(link.make(7))
                .isEqualTo(
                        hex(
                                """
                                6400 0000 1000 0506 07000000 00000000
                                0000 0000 00000000 00000000 00000000
                                1100 0300 62756f79 2e35312e 65746830 00 000000
                                0800 0500 02000000
                                0a00 0100 00005e000133 0000
                                1c00 1200
                                  0c00 0100 6d616376 6c616e00
                                  0c00 0200 0800 0100 04000000"""));
    }

    @Test
    void aLinksNameIsShort() {
        var mac = MacAddress.parse("00:00:5e:00:01:33");
        assertThat(new Macvlan("fifteen.letters", 2, mac).name()).hasSize(15);
        assertThatThrownBy(() -> new Macvlan("sixteen.letters.", 2, mac))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void setsALinkUp() {
        assertThat(LinkChange.up(4, true, 1))
                .isEqualTo(
                        hex(
                                """
                                2000 0000 1000 0500 01000000 00000000
                                0000 0000 04000000 01000000 01000000"""));
    }

    @Test
    void changesSettingsOfIpv4() {
        var settings = new EnumMap<Ipv4Setting, Integer>(Ipv4Setting.class);
        settings.put(Ipv4Setting.RP_FILTER, 2);
        settings.put(Ipv4Setting.ARP_IGNORE, 1);
        assertThat(LinkChange.settings(4, settings, 1))
                .isEqualTo(
                        hex(
                                """
                                3c00 0000 1000 0500 01000000 00000000
                                0000 0000 04000000 00000000 00000000
                                1c00 1a00 1800 0200 1400 0100
                                  0800 0800 02000000
                                  0800 1300 01000000"""));
    }

    @Test
    void readsSettingsOfIpv4FromTheirArray() {
        var array = new byte[33 * 4];
        array[0] = 1; // forwarding
        array[7 * 4] = 2; // rp_filter
        array[12 * 4] = 1; // arp_filter
        array[18 * 4] = 1; // arp_ignore
        var body =
                hex(
                        "0000 0100 02000000 43100100 00000000 9000 1a00 8c00 0200 8800 0100"
                                + HexFormat.of().formatHex(array));
        assertThat(Ipv4Setting.decode(message(NetlinkMessage.RTM_NEWLINK, body)))
                .isEqualTo(
                        Map.of(
                                Ipv4Setting.FORWARDING,
                                1,
                                Ipv4Setting.PROXY_ARP,
                                0,
                                Ipv4Setting.RP_FILTER,
                                2,
                                Ipv4Setting.ARP_FILTER,
                                1,
                                Ipv4Setting.ARP_ANNOUNCE,
                                0,
                                Ipv4Setting.ARP_IGNORE,
                                1));
    }

    @Test
    void settingsThatAnOlderKernelDoesNotTellAreLeftOut() {
        var body =
                hex("0000 0100 02000000 43100100 00000000 1000 1a00 0c00 0200 0800 0100 01000000");
        assertThat(Ipv4Setting.decode(message(NetlinkMessage.RTM_NEWLINK, body)))
                .isEqualTo(Map.of(Ipv4Setting.FORWARDING, 1));
    }

    @Test
    void readsWhatKindALinkIsAndWhatWasLeftWithIt() {
        var body =
                hex(
                        """
                        0000 0100 04000000 43100100 00000000
                        1100 0300 62756f79 2e35312e 65746830 00 000000
                        1000 1200 0c00 0100 6d616376 6c616e00
                        0800 1400 6e6f2100""");
        var link = Link.decode(message(NetlinkMessage.RTM_NEWLINK, body)).orElseThrow();
        assertThat(link.kind()).isEqualTo(Macvlan.KIND);
        assertThat(link.alias()).isEqualTo("no!");
    }

    @Test
    void addsARule() throws UnknownHostException {
        var rule =
                new Rule(
                        SocketAddress.AF_INET,
                        Optional.of(new IpPrefix(InetAddress.getByName("198.51.100.100"), 32)),
                        Optional.of(new IpPrefix(InetAddress.getByName("203.0.113.0"), 24)),
                        100,
                        1000);
        assertThat(rule.add(7))
                .isEqualTo(
                        hex(
                                """
                                4400 0000 2000 0506 07000000 00000000
                                02 18 20 00 00 00 00 01 00000000
                                0800 0f00 64000000
                                0800 0600 e8030000
                                0500 1500 70 000000
                                0800 0200 c6336464
                                0800 0100 cb007100"""));
    }

    private static NetlinkMessage message(int type, byte[] body) {
        return new NetlinkMessage(type, 0, 0, body);
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
    }
}
