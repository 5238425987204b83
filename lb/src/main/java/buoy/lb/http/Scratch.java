package buoy.lb.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;

/**
 * One worker's buffer for small reads, or for small writes, handed out again and again. Nearly
 * always it is back before it is wanted next: what was read is parsed and copied at once, what is
 * written goes to the socket at once. While somebody keeps it (a socket that takes no more, a slice
 * of a body), others get buffers of the pool.
 */
final class Scratch {
    static final int BYTES = 8 * 1024;

    private final ByteBufAllocator pool;

    /** Lives as long as its worker, so nobody watches whether it is released. */
    private final ByteBuf own =
            new UnpooledByteBufAllocator(true, true, false).directBuffer(BYTES, BYTES);

    Scratch(ByteBufAllocator pool) {
        this.pool = pool;
    }

    /** An empty buffer of {@link #BYTES}; the taker releases it. */
    ByteBuf take() {
        return take(BYTES);
    }

    /**
     * The same, for no more than so many bytes: of what many small ones are waiting for, each costs
     * what it holds.
     */
    ByteBuf take(int bytes) {
        return own.refCnt() == 1 ? own.clear().retain() : pool.directBuffer(bytes, bytes);
    }
}
