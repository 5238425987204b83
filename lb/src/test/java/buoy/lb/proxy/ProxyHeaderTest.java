package buoy.lb.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import buoy.config.model.Pool.SendProxy;
import buoy.lb.proxy.ProxyHeader.Found;
import buoy.lb.proxy.ProxyHeader.NeedMore;
import buoy.lb.proxy.ProxyHeader.Whole;
import buoy.lb.proxy.ProxyHeader.Wrong;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyHeaderTest {
    private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";

    private static InetSocketAddress at(String address, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), port);
    }

    private static Found read(byte[] bytes) {
        return ProxyHeader.read(bytes, bytes.length);
    }

    private static Found line(String text) {
        return read(text.replace("\n", "\r\n").getBytes(ISO_8859_1));
    }

    private static Found hex(String hex) {
        return read(HexFormat.of().parseHex(SIGNATURE + hex.replace(" ", "")));
    }

    // ---- version 1 ----

    @Test
    void theExamplesOfTheSpecification() {
        assertThat(line("PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535\nGET"))
                .isEqualTo(
                        new Whole(
                                56,
                                new Ends(
                                        at("255.255.255.255", 65535),
                                        at("255.255.255.255", 65535))));
        String f = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";
        assertThat(line("PROXY TCP6 " + f + " " + f + " 65535 65535\n"))
                .isEqualTo(new Whole(104, new Ends(at(f, 65535), at(f, 65535))));
        assertThat(line("PROXY UNKNOWN\n")).isEqualTo(new Whole(15, null));
        assertThat(line("PROXY UNKNOWN " + f + " " + f + " 65535 65535\n"))
                .isEqualTo(new Whole(107, null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\n",
                "proxy TCP4 198.51.100.1 203.0.113.1 1 2\n",
                "PROXY  TCP4 198.51.100.1 203.0.113.1 1 2\n",
                "PROXY TCP4  198.51.100.1 203.0.113.1 1 2\n",
                "PROXY TCP4 198.51.100.1 203.0.113.1 1 2 \n",
                "PROXY TCP4 198.51.100.1 203.0.113.1 1\n",
                "PROXY TCP4 198.51.100.1 203.0.113.1 01 2\n",
                "PROXY TCP4 198.51.100.1 203.0.113.1 +1 2\n",
                "PROXY TCP4 198.51.100.1 203.0.113.1 1 65536\n",
                "PROXY TCP4 198.51.100 203.0.113.1 1 2\n",
                "PROXY TCP4 198.51.100.256 203.0.113.1 1 2\n",
                "PROXY TCP4 host 203.0.113.1 1 2\n",
                "PROXY TCP4 2001:db8::1 2001:db8::2 1 2\n",
                "PROXY TCP6 198.51.100.1 203.0.113.1 1 2\n",
                "PROXY TCP6 2001:db8::1%eth0 2001:db8::2 1 2\n",
                "PROXY TCP5 198.51.100.1 203.0.113.1 1 2\n",
                "PROXY UDP4 198.51.100.1 203.0.113.1 1 2\n",
                "PROXY \n",
                "PROXY UNKNOWN12345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345"
            })
    void otherLinesAreWrong(String text) {
        assertThat(line(text)).isEqualTo(new Wrong());
    }

    @Test
    void aBareLineFeedIsWrong() {
        assertThat(read("PROXY UNKNOWN\n".getBytes(ISO_8859_1))).isEqualTo(new Wrong());
    }

    // ---- version 2 ----

    @Test
    void addressesOfVersion2() {
        assertThat(hex("21 11 000c c6336401 cb007101 1f90 0050 474554"))
                .isEqualTo(
                        new Whole(28, new Ends(at("198.51.100.1", 8080), at("203.0.113.1", 80))));
        assertThat(
                        hex(
                                "21 21 0024 20010db8000000000000000000000001"
                                        + " 20010db8000000000000000000000002 ffff 01bb"))
                .isEqualTo(
                        new Whole(52, new Ends(at("2001:db8::1", 65535), at("2001:db8::2", 443))));
    }

    @Test
    void whatStandsBehindTheAddressesIsPassedOver() {
        assertThat(hex("21 11 0011 c6336401 cb007101 1f90 0050 02 0002 6162 474554"))
                .isEqualTo(
                        new Whole(33, new Ends(at("198.51.100.1", 8080), at("203.0.113.1", 80))));
    }

    @Test
    void connectionsOfTheProxyItselfAndOfOtherKindsAreTheirOwn() {
        assertThat(hex("20 00 0000")).isEqualTo(new Whole(16, null));
        assertThat(hex("20 11 000c c6336401 cb007101 1f90 0050")).isEqualTo(new Whole(28, null));
        assertThat(hex("21 00 0003 010203")).isEqualTo(new Whole(19, null));
        assertThat(hex("21 12 000c c6336401 cb007101 1f90 0050")).isEqualTo(new Whole(28, null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "22 11 000c c6336401 cb007101 1f90 0050",
                "11 11 000c c6336401 cb007101 1f90 0050",
                "31 11 000c c6336401 cb007101 1f90 0050",
                "21 11 000b c6336401 cb007101 1f90 00",
                "21 21 000c c6336401 cb007101 1f90 0050",
                "21 11 1001",
                "21 11 ffff"
            })
    void otherHeadersAreWrong(String header) {
        assertThat(hex(header)).isEqualTo(new Wrong());
    }

    // ---- both ----

    @Property
    void whatIsWrittenIsReadAndEveryPartOfItNeedsMore(
            @ForAll SendProxy version,
            @ForAll boolean six,
            @ForAll @Size(16) byte[] client,
            @ForAll @Size(16) byte[] own,
            @ForAll @IntRange(min = 0, max = 65535) int clientPort,
            @ForAll @IntRange(min = 0, max = 65535) int ownPort)
            throws UnknownHostException {
        // An address in 2001:db8::/32 is not one of IPv4 in disguise.
        client[0] = own[0] = 0x20;
        client[1] = own[1] = 0x01;
        int size = six ? 16 : 4;
        Ends ends =
                new Ends(
                        new InetSocketAddress(
                                InetAddress.getByAddress(Arrays.copyOf(client, size)), clientPort),
                        new InetSocketAddress(
                                InetAddress.getByAddress(Arrays.copyOf(own, size)), ownPort));
        byte[] written = ProxyHeader.write(version, ends);
        assertThat(read(written)).isEqualTo(new Whole(written.length, ends));
        for (int n = 0; n < written.length; n++) {
            assertThat(ProxyHeader.read(written, n)).isEqualTo(new NeedMore());
        }
    }

    @Property
    void connectionsOfOurOwnAreReadAsSuch(@ForAll SendProxy version) {
        byte[] written = ProxyHeader.write(version, null);
        assertThat(read(written)).isEqualTo(new Whole(written.length, null));
    }
}
