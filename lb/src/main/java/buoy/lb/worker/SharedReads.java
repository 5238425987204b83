package buoy.lb.worker;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * One buffer into which all relays of a worker read: what was read is usually with the other side
 * before the next read, and then nothing is allocated and the buffer stays in the cache. Whoever
 * keeps what was read should copy it, if it is small: it holds the whole buffer otherwise.
 */
final class SharedReads extends DefaultMaxMessagesRecvByteBufAllocator {
    private static final int SIZE = 64 * 1024;

    /** The least that a read takes: Netty takes none for the end of input. */
    private static final int LITTLE = 512;

    /**
     * Other connections get their turn in between. A read that is not full ends the batch anyway.
     */
    private static final int READS_IN_A_BATCH = 4;

    /** While memory is scarce, in a buffer of its own. */
    private static final int FEW = 8 * 1024;

    private final Memory memory;

    private final Batch handle = new Batch();

    /** Made on the worker's thread: Netty keeps what a pool has for as long as a thread used it. */
    private @Nullable ByteBuf shared;

    SharedReads(Memory memory) {
        super(READS_IN_A_BATCH);
        this.memory = memory;
    }

    private int full() {
        return memory.isScarce() ? FEW : SIZE;
    }

    private ByteBuf next(ByteBufAllocator allocator, int size) {
        if (size == FEW) {
            return allocator.directBuffer(FEW, FEW);
        }
        ByteBuf now = shared;
        if (now == null || now.refCnt() > 1) {
            ByteBuf next = allocator.directBuffer(SIZE, SIZE);
            // Somebody keeps it: it is theirs now. Not before there is another: none may be had.
            release();
            shared = next;
            now = next;
        }
        now.clear();
        return size == SIZE ? now.retain() : now.retainedSlice(0, size).clear();
    }

    void release() {
        ByteBuf now = shared;
        if (now != null) {
            shared = null;
            now.release();
        }
    }

    /** One for all: a worker reads from one connection at a time, and begins by a reset. */
    @Override
    @SuppressWarnings("deprecation") // Netty offers nothing else to override.
    public RecvByteBufAllocator.Handle newHandle() {
        return handle;
    }

    /** Of the batch of reads that is under way. */
    private final class Batch extends MaxMessageHandle {
        private int size = SIZE;
        private boolean first;

        @Override
        public void reset(ChannelConfig config) {
            super.reset(config);
            boolean much =
                    !(config.getRecvByteBufAllocator() instanceof Preceded preceded)
                            || preceded.first.goesOn();
            first = true;
            size = much ? full() : LITTLE;
        }

        @Override
        public int guess() {
            return size;
        }

        @Override
        public ByteBuf allocate(ByteBufAllocator allocator) {
            if (size == LITTLE && !first) {
                // The peer has said its end: Netty reads on until it comes, whatever it is
                // told.
                size = full();
            }
            first = false;
            return next(allocator, size);
        }
    }

    /** The same for a connection whose reads something comes before. */
    RecvByteBufAllocator after(BeforeReads first) {
        return new Preceded(first);
    }

    @SuppressWarnings("deprecation") // Netty offers nothing else
    private final class Preceded implements RecvByteBufAllocator {
        private final BeforeReads first;

        Preceded(BeforeReads first) {
            this.first = first;
        }

        @Override
        public Handle newHandle() {
            return SharedReads.this.newHandle();
        }
    }
}
