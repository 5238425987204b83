package buoy.lb.listen;

import static org.assertj.core.api.Assertions.assertThat;

import buoy.lb.proxy.ProxyHeader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class IntroductionTest {
    @Test
    void theLongestHeaderIsOneBufferHoweverManyPiecesItComesIn() {
        ByteBuf seen = Unpooled.EMPTY_BUFFER;
        for (int i = 0; i < ProxyHeader.LONGEST; i++) {
            ByteBuf piece = Unpooled.buffer(1).writeByte(i);
            seen = Introduction.join(seen, piece);
            assertThat(piece.refCnt()).isEqualTo(i == 0 ? 1 : 0);
        }
        assertThat(seen.readableBytes()).isEqualTo(ProxyHeader.LONGEST);
        assertThat(seen.getUnsignedByte(300)).isEqualTo((short) (300 & 0xff));
        seen.release();
    }
}
