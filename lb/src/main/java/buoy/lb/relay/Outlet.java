package buoy.lb.relay;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.epoll.AbstractEpollStreamChannel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.unix.Socket;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The writing end of a relay. While nothing waits to be written, bytes go straight to the socket:
 * no queue entry, no promise, no way through the pipeline. What the socket does not take, and all
 * of it where TLS or another transport is in between, is left to Netty, which queues it and says
 * when the channel is writable again.
 */
final class Outlet {
    /** As much goes out at once; less waits for the end of the batch. */
    private static final int LARGE = 16 * 1024;

    private final DuplexChannel channel;
    private final @Nullable Socket socket;
    private boolean unflushed;

    Outlet(DuplexChannel channel) {
        this.channel = channel;
        boolean plain = channel.pipeline().get(SslHandler.class) == null;
        this.socket =
                plain && channel instanceof AbstractEpollStreamChannel epoll
                        ? (Socket) epoll.fd()
                        : null;
    }

    /** Takes the bytes over. */
    void write(ByteBuf bytes) {
        // Bytes in several pieces, as a client's early ones may be, have no address.
        if (socket != null
                && bytes.hasMemoryAddress()
                && nothingWaits()
                && sendNow(socket, bytes)) {
            bytes.release();
            return;
        }
        boolean large = bytes.readableBytes() >= LARGE;
        var _ = channel.write(large ? bytes : copy(bytes), channel.voidPromise());
        unflushed = true;
        if (large) {
            flush();
        }
    }

    /**
     * What waits keeps no more memory than it needs: what was read may be little in a large buffer.
     */
    private ByteBuf copy(ByteBuf bytes) {
        ByteBuf copy = channel.alloc().directBuffer(bytes.readableBytes()).writeBytes(bytes);
        bytes.release();
        return copy;
    }

    /** Whether nothing that was given waits here or at the channel. */
    boolean isFree() {
        return !unflushed && nothingWaits();
    }

    /** The end of a batch of reads. */
    void flush() {
        if (unflushed) {
            unflushed = false;
            channel.flush();
        }
    }

    private boolean nothingWaits() {
        ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
        return waiting != null && waiting.totalPendingWriteBytes() == 0;
    }

    /** Whether the socket took all of it; what it took is behind the reader's index then. */
    private static boolean sendNow(Socket socket, ByteBuf bytes) {
        try {
            int sent =
                    socket.sendAddress(
                            bytes.memoryAddress(), bytes.readerIndex(), bytes.writerIndex());
            bytes.skipBytes(sent);
        } catch (IOException _) {
            // Netty's own attempt will meet the same error, and close the channel for it.
        }
        return !bytes.isReadable();
    }
}
