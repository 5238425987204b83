package buoy.lb.worker;

import io.netty.buffer.PooledByteBufAllocator;

/**
 * How much of the memory outside the heap is taken: what was read and is not sent yet, nearly all
 * of it for those who take it slowly. The JVM gives no more of it than the heap may have, and waits
 * for seconds before it says so; it must not come to that.
 */
public final class Memory {
    private final PooledByteBufAllocator allocator;
    private final long most;
    private volatile boolean scarce;
    private volatile boolean spent;

    Memory(PooledByteBufAllocator allocator, long most) {
        this.allocator = allocator;
        this.most = most;
    }

    /** To be called now and then, by one thread. */
    void look() {
        long taken = taken();
        scarce = taken > most / 4;
        spent = taken > most / 4 * 3;
    }

    /** Bytes. */
    public long taken() {
        return allocator.pinnedDirectMemory();
    }

    /** The bound of {@link #taken}. */
    public long most() {
        return most;
    }

    /** Over a quarter is taken: from now on nobody should have more waiting than it must. */
    public boolean isScarce() {
        return scarce;
    }

    /** Over three quarters are taken: the rest is for the connections there are. */
    public boolean isSpent() {
        return spent;
    }
}
