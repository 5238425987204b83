package buoy.linux.layout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Bytes as {@code strace -e raw=all ip ...} shows them, on a little-endian machine as all of ours
 * are.
 */
class NetlinkLayoutTest {
    @Test
    void putsAnIpv4AddressWithItsLifetime() throws UnknownHostException {
        var address = new InterfaceAddress(2, ip("198.51.100.100"), 24, 0);
        assertThat(address.put(Lifetime.of(Duration.ofSeconds(3)), 7))
                .isEqualTo(
                        hex(
                                """
                                4400 0000 1400 0505 07000000 00000000
                                02 18 00 00 02000000
                                0800 0200 c6336464
                                0800 0100 c6336464
                                1400 0600 03000000 03000000 00000000 00000000
                                0800 0800 00000000"""));
    }

    @Test
    void putsAnIpv6AddressWithoutDuplicateAddressDetection() throws UnknownHostException {
        var address = new InterfaceAddress(3, ip("2001:db8::1"), 64, InterfaceAddress.NODAD);
        assertThat(address.put(Lifetime.FOREVER.deprecated(), 1))
                .isEqualTo(
                        hex(
                                """
                                5c00 0000 1400 0505 01000000 00000000
                                0a 40 02 00 03000000
                                1400 0200 20010db8000000000000000000000001
                                1400 0100 20010db8000000000000000000000001
                                1400 0600 00000000 ffffffff 00000000 00000000
                                0800 0800 02000000"""));
    }

    @Test
    void removesAnAddress() throws UnknownHostException {
        assertThat(new InterfaceAddress(2, ip("198.51.100.100"), 32, 0).remove(9))
                .isEqualTo(
                        hex(
                                """
                                2800 0000 1500 0500 09000000 00000000
                                02 20 00 00 02000000
                                0800 0200 c6336464
                                0800 0100 c6336464"""));
    }

    @Test
    void putsARouteBySourceAndNextHop() throws UnknownHostException {
        var route =
                new Route(
                        new IpPrefix(ip("203.0.113.0"), 24),
                        Optional.of(ip("198.51.100.254")),
                        4,
                        Optional.of(ip("198.51.100.100")),
                        Route.MAIN,
                        50);
        assertThat(route.add(1))
                .isEqualTo(
                        hex(
                                """
                                4c00 0000 1800 0506 01000000 00000000
                                02 18 00 00 00 70 00 01 00000000
                                0800 0f00 fe000000
                                0800 0100 cb007100
                                0800 0500 c63364fe
                                0800 0700 c6336464
                                0800 0600 32000000
                                0800 0400 04000000"""));
    }

    @Test
    void readsAnAddressFromTheAttributeThatIsOurs() throws UnknownHostException {
        // On a point-to-point link: IFA_ADDRESS is the other end, IFA_LOCAL is ours.
        var body =
                hex(
                        """
                        02 20 80 00 05000000
                        0800 0100 c6336401
                        0800 0200 c6336402
                        0800 0800 80000000""");
        assertThat(
                        InterfaceAddress.decode(
                                new NetlinkMessage(NetlinkMessage.RTM_NEWADDR, 0, 0, body)))
                .contains(
                        new InterfaceAddress(
                                5, ip("198.51.100.2"), 32, InterfaceAddress.PERMANENT));
    }

    @Test
    void readsALink() {
        var body =
                hex(
                        """
                        00 00 0100 04000000 43100100 00000000
                        0900 0300 65746830 00 000000
                        0a00 0100 02005e000001 0000""");
        var link =
                Link.decode(new NetlinkMessage(NetlinkMessage.RTM_NEWLINK, 0, 0, body))
                        .orElseThrow();
        assertThat(link.name()).isEqualTo("eth0");
        assertThat(link.index()).isEqualTo(4);
        assertThat(link.mac()).contains(MacAddress.parse("02:00:5e:00:00:01"));
        assertThat(link.isEthernet()).isTrue();
        assertThat(link.isUp()).isTrue();
        assertThat(link.isRunning()).isTrue();
    }

    @Test
    void aLinkWithoutCarrierIsUpButNotRunning() {
        var body = hex("00 00 0100 04000000 03100000 00000000 0900 0300 65746830 00 000000");
        var link =
                Link.decode(new NetlinkMessage(NetlinkMessage.RTM_NEWLINK, 0, 0, body))
                        .orElseThrow();
        assertThat(link.isUp()).isTrue();
        assertThat(link.isRunning()).isFalse();
    }

    @Test
    void readsTheKernelsWordsInARefusal() {
        var body =
                hex(
                        "eaffffff 14000000 14000505 07000000 00000000 0800 0100 6e6f2100"
                                .replace(" ", ""));
        var message = new NetlinkMessage(NetlinkMessage.NLMSG_ERROR, 0x300, 7, body);
        assertThat(Acknowledgement.decode(message)).contains(new Acknowledgement(22, "no!"));
    }

    @Test
    void lifetimesAreWholeSecondsAndZeroIsForEver() {
        assertThat(Lifetime.of(Duration.ZERO)).isEqualTo(Lifetime.FOREVER);
        assertThat(Lifetime.of(Duration.ofSeconds(3))).isEqualTo(new Lifetime(3, 3));
        assertThat(Lifetime.of(Duration.ofSeconds(3)).deprecated()).isEqualTo(new Lifetime(3, 0));
        assertThatThrownBy(() -> new Lifetime(3, 4)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Lifetime.of(Duration.ofMillis(300)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static InetAddress ip(String text) throws UnknownHostException {
        return InetAddress.getByName(text);
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
    }
}
