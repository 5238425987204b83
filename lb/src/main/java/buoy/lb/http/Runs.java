package buoy.lb.http;

import buoy.lb.http.head.Output;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a {@link BodyReader} found, on its way out of the buffer it was found in. */
final class Runs {
    private Runs() {}

    /** As one buffer of its own; null if there is nothing. */
    static @Nullable ByteBuf copy(BodyReader body, ByteBuf in, ByteBufAllocator allocator) {
        int size = body.size();
        if (size == 0) {
            return null;
        }
        ByteBuf copy = allocator.directBuffer(size);
        for (int run = 0; run < body.runs(); run++) {
            copy.writeBytes(in, body.runStart(run), body.runEnd(run) - body.runStart(run));
        }
        return copy.writeBytes(body.tail());
    }

    /** Behind the head that is put together, so that one write takes both. */
    static void append(BodyReader body, ByteBuf in, Output to) {
        for (int run = 0; run < body.runs(); run++) {
            int from = body.runStart(run);
            int n = body.runEnd(run) - from;
            in.getBytes(from, to.reserve(n), to.length(), n);
            to.added(n);
        }
        to.put(body.tail());
    }

    /** As slices that share the buffer's memory. */
    static void slices(BodyReader body, ByteBuf in, Consumer<ByteBuf> to) {
        for (int run = 0; run < body.runs(); run++) {
            int from = body.runStart(run);
            to.accept(in.retainedSlice(from, body.runEnd(run) - from));
        }
        if (body.tail().length > 0) {
            to.accept(Unpooled.wrappedBuffer(body.tail()));
        }
    }

    static void release(@Nullable ByteBuf buffer) {
        if (buffer != null) {
            buffer.release();
        }
    }
}
