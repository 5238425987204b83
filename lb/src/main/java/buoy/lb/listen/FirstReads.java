package buoy.lb.listen;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;

/**
 * Sizes the reads before it is settled what is read: a channel keeps what it began its first read
 * with, so this goes on as whatever was put in its place meanwhile.
 */
@SuppressWarnings("deprecation") // Netty offers nothing else
final class FirstReads implements RecvByteBufAllocator {
    private static final int BYTES = 2048;

    @Override
    public Handle newHandle() {
        return new Delegating();
    }

    private final class Delegating implements ExtendedHandle {
        private RecvByteBufAllocator from = FirstReads.this;
        private ExtendedHandle handle =
                (ExtendedHandle) new FixedRecvByteBufAllocator(BYTES).newHandle();

        @Override
        public void reset(ChannelConfig config) {
            RecvByteBufAllocator now = config.getRecvByteBufAllocator();
            if (now != from) {
                from = now;
                handle = (ExtendedHandle) now.newHandle();
            }
            handle.reset(config);
        }

        @Override
        public ByteBuf allocate(ByteBufAllocator allocator) {
            return handle.allocate(allocator);
        }

        @Override
        public int guess() {
            return handle.guess();
        }

        @Override
        public void incMessagesRead(int messages) {
            handle.incMessagesRead(messages);
        }

        @Override
        public void lastBytesRead(int bytes) {
            handle.lastBytesRead(bytes);
        }

        @Override
        public int lastBytesRead() {
            return handle.lastBytesRead();
        }

        @Override
        public void attemptedBytesRead(int bytes) {
            handle.attemptedBytesRead(bytes);
        }

        @Override
        public int attemptedBytesRead() {
            return handle.attemptedBytesRead();
        }

        @Override
        public boolean continueReading() {
            return handle.continueReading();
        }

        @Override
        public boolean continueReading(UncheckedBooleanSupplier maybeMore) {
            return handle.continueReading(maybeMore);
        }

        @Override
        public void readComplete() {
            handle.readComplete();
        }
    }
}
