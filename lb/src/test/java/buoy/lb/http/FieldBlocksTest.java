package buoy.lb.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
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
        FieldBlocks blocks = new FieldBlocks();
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

    private static void see(FieldBlocks blocks, ByteBuf in, int piece, int open) {
        for (int at = 0; at < in.writerIndex(); at += piece) {
            blocks.see(in, at, Math.min(in.writerIndex(), at + piece));
        }
        assertThat(blocks.open()).isEqualTo(open);
    }
}
