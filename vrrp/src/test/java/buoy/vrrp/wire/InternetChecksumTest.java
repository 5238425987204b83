package buoy.vrrp.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class InternetChecksumTest {
    @Test
    void sumsTheExampleOfRfc1071() {
        // RFC 1071 3: the words 0001 f203 f4f5 f6f7 sum to ddf2.
        byte[] words = HexFormat.of().parseHex("0001f203f4f5f6f7");
        assertThat(InternetChecksum.fold(InternetChecksum.sum(words, 8)))
                .isEqualTo(~0xddf2 & 0xffff);
    }

    @Test
    void padsAnOddByteWithZero() {
        assertThat(InternetChecksum.sum(new byte[] {1, 2, 3}, 3)).isEqualTo(0x0102 + 0x0300);
    }

    @Test
    void readsNoFurtherThanTold() {
        assertThat(InternetChecksum.sum(new byte[] {1, 2, 3, 4}, 2)).isEqualTo(0x0102);
    }
}
