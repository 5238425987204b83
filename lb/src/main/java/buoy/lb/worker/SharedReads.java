package buoy.lb.worker;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;

/**
 * One buffer into which all relays of a worker read: what was read is usually with the other side
 * before the next read, and then nothing is allocated and the buffer stays in the cache. Whoever
 * keeps what was read should copy it, if it is small: it holds the whole buffer otherwise.
 */
final class SharedReads extends DefaultMaxMessagesRecvByteBufAllocator {
    private static final int SIZE = 64 * 1024;

    /**
     * Other connections get their turn in between. A read that is not full ends the batch anyway.
     */
    private static final int READS_IN_A_BATCH = 4;

    private ByteBuf shared;

    SharedReads(ByteBufAllocator allocator) {
        super(READS_IN_A_BATCH);
        shared = allocator.directBuffer(SIZE, SIZE);
    }

    private ByteBuf next(ByteBufAllocator allocator) {
        if (shared.refCnt() > 1) {
            // Somebody keeps it: it is theirs now.
            shared.release();
            shared = allocator.directBuffer(SIZE, SIZE);
        }
        return shared.clear().retain();
    }

    void release() {
        shared.release();
    }

    @Override
    @SuppressWarnings("deprecation") // Netty offers nothing else to override.
    public RecvByteBufAllocator.Handle newHandle() {
        return new MaxMessageHandle() {
            @Override
            public int guess() {
                return SIZE;
            }

            @Override
            public ByteBuf allocate(ByteBufAllocator allocator) {
                return next(allocator);
            }
        };
    }
}
