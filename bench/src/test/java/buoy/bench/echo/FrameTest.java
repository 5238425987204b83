package buoy.bench.echo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class FrameTest {
    private static final byte[] HELLO = "Hello".getBytes(StandardCharsets.US_ASCII);

    /** RFC 6455, section 5.7, with opcode 2 in place of 1. */
    @Test
    void aMaskedMessageIsAsTheStandardShowsIt() {
        assertThat(Frame.masked(HELLO, 0x37fa213d))
                .isEqualTo(
                        ByteBuffer.wrap(
                                new byte[] {
                                    (byte) 0x82,
                                    (byte) 0x85,
                                    0x37,
                                    (byte) 0xfa,
                                    0x21,
                                    0x3d,
                                    0x7f,
                                    (byte) 0x9f,
                                    0x4d,
                                    0x51,
                                    0x58
                                }));
    }

    @Test
    void twoMessagesAndAHalfComeBackAsTwo() {
        ByteBuffer from = ByteBuffer.allocate(100);
        from.put(Frame.masked(HELLO, 1)).put(Frame.masked(HELLO, -7));
        from.put(Frame.masked(HELLO, 5).limit(7)).flip();
        ByteBuffer to = ByteBuffer.allocate(100);

        assertThat(Frame.echo(from, to)).isTrue();
        assertThat(from.remaining()).isEqualTo(7);
        ByteBuffer both = ByteBuffer.allocate(14);
        both.put(Frame.plain(HELLO)).put(Frame.plain(HELLO)).flip();
        assertThat(to.flip()).isEqualTo(both);
    }

    @Test
    void whatIsNotMaskedIsWrong() {
        assertThat(Frame.echo(Frame.plain(HELLO), ByteBuffer.allocate(100))).isFalse();
    }

    /** RFC 6455, section 1.3. */
    @Test
    void anUpgradeIsAcceptedWithTheStandardsKey() {
        String answer = Upgrade.answer(Upgrade.request("h", "/")).orElseThrow();

        assertThat(answer).contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n");
        assertThat(Upgrade.isAccepted(answer)).isTrue();
        assertThat(Upgrade.isAccepted(answer.replace("s3p", "S3p"))).isFalse();
        assertThat(Upgrade.answer("GET / HTTP/1.1\r\n\r\n")).isEmpty();
    }
}
