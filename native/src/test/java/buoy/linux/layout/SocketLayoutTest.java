package buoy.linux.layout;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/**
 * The structures of sockets, byte by byte, as the kernel's headers have them on 64-bit
 * little-endian machines.
 */
class SocketLayoutTest {
    @Test
    void sockaddrs() throws UnknownHostException {
        assertThat(SocketAddress.inet(ip("198.51.100.1"), 7))
                .isEqualTo(hex("0200 0000 c6336401 0000000000000000"));
        assertThat(SocketAddress.inet(ip("2001:db8::1"), 7))
                .isEqualTo(hex("0a00 0000 00000000 20010db8000000000000000000000001 00000000"));
        assertThat(SocketAddress.inet(ip("fe80::1"), 7))
                .isEqualTo(hex("0a00 0000 00000000 fe800000000000000000000000000001 07000000"));
        assertThat(SocketAddress.linkLayer(7, 0x0806))
                .isEqualTo(hex("1100 0806 07000000 0000 00 00 0000000000000000"));
        assertThat(SocketAddress.netlink(0x111)).isEqualTo(hex("1000 0000 00000000 11010000"));
    }

    @Test
    void addressesAreReadFromSockaddrs() throws UnknownHostException {
        for (var address : new InetAddress[] {ip("198.51.100.1"), ip("fe80::1")}) {
            assertThat(SocketAddress.readInet(SocketAddress.inet(address, 7))).contains(address);
        }
        assertThat(SocketAddress.readInet(SocketAddress.netlink(0))).isEmpty();
        assertThat(SocketAddress.readInet(hex("0200 0000"))).isEmpty();
        assertThat(SocketAddress.readInet(new byte[0])).isEmpty();
    }

    @Test
    void memberships() throws UnknownHostException {
        assertThat(Membership.of(ip("224.0.0.18"), 3)).isEqualTo(hex("e0000012 00000000 03000000"));
        assertThat(Membership.of(ip("ff02::12"), 3))
                .isEqualTo(hex("ff020000000000000000000000000012 03000000"));
        assertThat(Membership.onInterface(3)).isEqualTo(hex("00000000 00000000 03000000"));
    }

    @Test
    void theSourceToSendFromIsAControlMessage() throws UnknownHostException {
        assertThat(ControlMessages.sendFrom(ip("198.51.100.1"), 3))
                .isEqualTo(
                        hex(
                                "1c00000000000000 00000000 08000000 03000000 c6336401 00000000 00000000"));
        assertThat(ControlMessages.sendFrom(ip("fe80::1"), 3))
                .isEqualTo(
                        hex(
                                """
                                2400000000000000 29000000 32000000
                                fe800000000000000000000000000001 03000000 00000000"""));
    }

    @Test
    void theFrontOfAMessagePointsIntoItsBlock() {
        assertThat(MessageBlock.front(0x1000, 16, 0, 8))
                .isEqualTo(
                        hex(
                                """
                                4810000000000000 10000000 00000000
                                3810000000000000 0100000000000000
                                0000000000000000 0000000000000000
                                00000000 00000000
                                6811000000000000 0800000000000000"""));
        assertThat(MessageBlock.front(0x1000, 28, 32, 8))
                .startsWith(hex("4810000000000000 1c000000 00000000"))
                .containsSequence(hex("6810000000000000 2000000000000000"));
    }

    @Test
    void pollEntriesWaitForSomethingToRead() {
        var entries = PollEntries.readable(5, 9);
        assertThat(entries).isEqualTo(hex("05000000 0100 0000 09000000 0100 0000"));
        entries[14] = 8; // POLLERR on the second
        assertThat(PollEntries.isReady(entries, 0)).isFalse();
        assertThat(PollEntries.isReady(entries, 1)).isTrue();
        assertThat(PollEntries.timeout(2_000_000_003L))
                .isEqualTo(hex("0200000000000000 0300000000000000"));
    }

    private static InetAddress ip(String text) throws UnknownHostException {
        return InetAddress.getByName(text);
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
    }
}
