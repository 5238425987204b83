package buoy.linux.layout;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Buffers in the order of this machine's own integers, as the kernel's structures are. */
final class NativeOrder {
    private NativeOrder() {}

    static ByteBuffer allocate(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
    }

    static ByteBuffer wrap(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    }

    /** Rounds up to a multiple of {@code step}, a power of two. */
    static int align(int size, int step) {
        return (size + step - 1) & -step;
    }
}
