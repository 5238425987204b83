package buoy.lb.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

class SharedReadsTest {
    /** Has no memory when told so. */
    private static final class Scanty extends AbstractByteBufAllocator {
        boolean empty;

        @Override
        protected ByteBuf newHeapBuffer(int initial, int most) {
            return UnpooledByteBufAllocator.DEFAULT.heapBuffer(initial, most);
        }

        @Override
        protected ByteBuf newDirectBuffer(int initial, int most) {
            if (empty) {
                throw new OutOfMemoryError("none is left");
            }
            return UnpooledByteBufAllocator.DEFAULT.directBuffer(initial, most);
        }

        @Override
        public boolean isDirectBufferPooled() {
            return false;
        }
    }

    @Test
    @SuppressWarnings("deprecation") // Netty offers nothing else
    void whereNoMemoryIsToBeHadNobodyLosesWhatHeKeeps() {
        Scanty allocator = new Scanty();
        SharedReads reads =
                new SharedReads(
                        new Memory(
                                new PooledByteBufAllocator(true),
                                Runtime.getRuntime().maxMemory()));
        RecvByteBufAllocator.Handle handle = reads.newHandle();
        ByteBuf kept = handle.allocate(allocator);
        kept.writeByte('x');
        allocator.empty = true;
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> handle.allocate(allocator))
                    .isInstanceOf(OutOfMemoryError.class);
        }
        allocator.empty = false;
        ByteBuf next = handle.allocate(allocator);
        next.writeByte('y');
        assertThat(kept.readByte()).isEqualTo((byte) 'x');
        assertThat(kept.release()).as("the last who had it").isTrue();
        next.release();
        reads.release();
        assertThat(next.refCnt()).isZero();
    }

    @Test
    @SuppressWarnings("deprecation") // Netty offers nothing else
    void whereNettyReadsOnAnywayItReadsNoCrumbs() {
        SharedReads reads =
                new SharedReads(
                        new Memory(
                                new PooledByteBufAllocator(true),
                                Runtime.getRuntime().maxMemory()));
        ChannelConfig config =
                new EmbeddedChannel().config().setRecvByteBufAllocator(reads.after(() -> false));
        RecvByteBufAllocator.Handle handle = config.getRecvByteBufAllocator().newHandle();
        for (int i = 0; i < 2; i++) {
            handle.reset(config);
            for (int size : new int[] {512, 64 * 1024, 64 * 1024}) {
                ByteBuf bytes = handle.allocate(UnpooledByteBufAllocator.DEFAULT);
                assertThat(bytes.writableBytes()).isEqualTo(size);
                bytes.release();
            }
        }
        reads.release();
    }
}
