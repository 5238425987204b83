package buoy.linux.layout;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class FramesTest {
    private static final MacAddress MAC = MacAddress.parse("00:00:5e:00:01:33");

    @Test
    void gratuitousArpIsABroadcastRequestAboutItself() throws UnknownHostException {
        var address = (Inet4Address) InetAddress.getByName("198.51.100.100");
        assertThat(GratuitousArp.frame(MAC, address))
                .isEqualTo(
                        hex(
                                """
                                ffffffffffff 00005e000133 0806
                                0001 0800 06 04 0001
                                00005e000133 c6336464
                                00005e000133 c6336464"""));
    }

    @Test
    void neighbourAdvertisementOverridesAndIsSentToAllNodes() throws UnknownHostException {
        var address = (Inet6Address) InetAddress.getByName("2001:db8:77::100");
        // The checksum is from a few lines of Python, and tshark agrees (FramesOnTheWireTest).
        var frame = NeighbourAdvertisement.frame(MAC, address, true);
        assertThat(frame)
                .isEqualTo(
                        hex(
                                """
                                333300000001 00005e000133 86dd
                                60000000 0020 3a ff
                                20010db8007700000000000000000100
                                ff020000000000000000000000000001
                                88 00 %s a0000000
                                20010db8007700000000000000000100
                                02 01 00005e000133"""
                                        .formatted("190c")));
    }

    @Test
    void aHostThatDoesNotForwardIsNotCalledARouter() throws UnknownHostException {
        var address = (Inet6Address) InetAddress.getByName("2001:db8:77::100");
        assertThat(NeighbourAdvertisement.frame(MAC, address, false)[58]).isEqualTo((byte) 0x20);
    }

    @Test
    void checksumOfTheExampleInRfc1071() {
        // Section 3: 00 01 f2 03 f4 f5 f6 f7 sums to ddf2.
        assertThat(InternetChecksum.of(hex("0001f203f4f5f6f7"))).isEqualTo(~0xddf2 & 0xffff);
        assertThat(InternetChecksum.of(hex("0001f203f4f5f6"))).isEqualTo(~0xdcfb & 0xffff);
        assertThat(InternetChecksum.of(new byte[0])).isEqualTo(0xffff);
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
    }
}
