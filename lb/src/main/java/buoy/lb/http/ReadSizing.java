package buoy.lb.http;

import buoy.lb.worker.Memory;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;

/**
 * How large a buffer each read(2) gets: enough for any usual head at first, large while a body
 * flows. A read that does not fill its buffer is the last of its batch, so that a small message
 * costs one read(2).
 */
final class ReadSizing extends DefaultMaxMessagesRecvByteBufAllocator {
    private static final int SMALL = Scratch.BYTES;
    private static final int LARGE = 64 * 1024;

    /** Bytes of one batch are buffered until they are flushed: this bounds them. */
    private static final int READS_IN_A_BATCH = 4;

    private final Scratch scratch;
    private final Memory memory;

    ReadSizing(Scratch scratch, Memory memory) {
        super(READS_IN_A_BATCH);
        this.scratch = scratch;
        this.memory = memory;
    }

    @Override
    @SuppressWarnings("deprecation") // Netty offers nothing else to override
    public RecvByteBufAllocator.Handle newHandle() {
        return new Sizes();
    }

    private final class Sizes extends MaxMessageHandle {
        private int next = SMALL;

        @Override
        public ByteBuf allocate(ByteBufAllocator allocator) {
            return next == SMALL ? scratch.take() : super.allocate(allocator);
        }

        @Override
        public int guess() {
            return next;
        }

        @Override
        public void lastBytesRead(int bytes) {
            super.lastBytesRead(bytes);
            if (memory.isScarce()) {
                next = SMALL;
            } else if (bytes == attemptedBytesRead()) {
                next = LARGE;
            }
        }

        @Override
        public void readComplete() {
            if (totalBytesRead() < SMALL) {
                next = SMALL;
            }
        }
    }
}
