package buoy.lb.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FieldBlocksTest {
    private static ByteBuf frame(int type, int flags, int length) {
        return Unpooled.buffer()
                .writeMedium(length)
                .writeByte(type)
                .writeByte(flags)
                .writeInt(1)
                .writeZero(length);
    }

    /** However frames are cut into pieces, what is open at their ends is the same. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8, 9, 10, 100})
    void aBlockIsOpenFromItsFirstFramesHeaderToTheEndOfItsLast(int piece) {
        FieldBlocks blocks = new FieldBlocks(new FrameBudget(0));
        see(blocks, frame(StreamsCaller.SETTINGS, 0, 12), piece, 0);
        see(blocks, frame(StreamsCaller.DATA, StreamsCaller.END_HEADERS, 70), piece, 0);
        see(blocks, frame(StreamsCaller.HEADERS, 0, 30), piece, 1);
        see(blocks, frame(StreamsCaller.CONTINUATION, 0, 0), piece, 1);
        see(blocks, frame(StreamsCaller.CONTINUATION, StreamsCaller.END_HEADERS, 30), piece, 0);
        see(blocks, frame(StreamsCaller.HEADERS, StreamsCaller.END_HEADERS, 300), piece, 0);
        see(blocks, frame(StreamsCaller.HEADERS, 0, 0), piece, 3);
        see(blocks, frame(StreamsCaller.CONTINUATION, StreamsCaller.END_HEADERS, 0), piece, 0);

        ByteBuf whole = frame(StreamsCaller.HEADERS, StreamsCaller.END_HEADERS, 30);
        see(blocks, whole.slice(0, 38), piece, 4);
        see(blocks, whole.slice(38, 1), piece, 0);
    }

    /** An error of one stream has its frame behind it, and the connection goes on. */
    @Test
    void aFrameBehindOneOfAGoneStreamIsSeenOnce() throws Exception {
        byte[] content = new byte[64];
        // Seen twice, this would be the header of a block that never ends.
        byte[] lure = {0, 0, 100, StreamsCaller.HEADERS, 0, 0, 0, 0, 9};
        System.arraycopy(lure, 0, content, 23, lure.length);
        ByteBuf data =
                Unpooled.buffer()
                        .writeMedium(content.length)
                        .writeByte(StreamsCaller.DATA)
                        .writeByte(0)
                        .writeInt(1)
                        .writeBytes(content);
        byte[] frame = new byte[data.readableBytes()];
        data.readBytes(frame);
        ByteBuf both = Unpooled.wrappedBuffer(frame, frame);
        byte[] part = new byte[frame.length + 9 + 32];
        both.readBytes(part);
        byte[] rest = new byte[both.readableBytes()];
        both.readBytes(rest);

        Proxy.Setup setup = new Proxy.Setup();
        setup.headers = Duration.ofMillis(300);
        try (Origin origin = Origin.answering("ok");
                Proxy proxy = setup.pool("app", origin.port()).start();
                StreamsCaller caller = new StreamsCaller(proxy.port)) {
            caller.get(3, "/");
            assertThat(caller.answer(3).status()).isEqualTo("200");
            caller.socket.getOutputStream().write(part);
            // Longer than a block may take.
            awaitQuiet(caller, Duration.ofSeconds(1));
            caller.socket.getOutputStream().write(rest);
            caller.get(5, "/");
            assertThat(caller.answer(5).status()).isEqualTo("200");
        }
    }

    /** Reads on; an end of the connection is an error. */
    private static void awaitQuiet(StreamsCaller caller, Duration silence) throws Exception {
        int usual = caller.socket.getSoTimeout();
        caller.socket.setSoTimeout((int) silence.toMillis());
        assertThatThrownBy(
                        () -> {
                            while (true) {
                                caller.next();
                            }
                        })
                .isInstanceOf(SocketTimeoutException.class);
        caller.socket.setSoTimeout(usual);
    }

    private static void see(FieldBlocks blocks, ByteBuf in, int piece, int open) {
        for (int at = 0; at < in.writerIndex(); at += piece) {
            blocks.see(in, at, Math.min(in.writerIndex(), at + piece));
        }
        assertThat(blocks.open()).isEqualTo(open);
    }
}
