package buoy.lb.kit;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Buffers that were dropped without being released. Netty finds them when they are collected, so
 * one may go unseen in one run, but none is ever made up.
 */
public final class Leaks {
    private static final List<String> FOUND = new CopyOnWriteArrayList<>();

    private Leaks() {}

    public static void watch() {
        ByteBufUtil.setLeakListener((resource, records) -> FOUND.add(resource + records));
    }

    public static void assertNone() {
        System.gc();
        // Netty looks for collected buffers when it hands out a new one.
        PooledByteBufAllocator.DEFAULT.directBuffer().release();
        if (!FOUND.isEmpty()) {
            throw new AssertionError("leaked: " + FOUND);
        }
    }
}
