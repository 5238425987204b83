package buoy.lb.http;

import buoy.lb.pool.Reason;
import buoy.lb.worker.EndOfInput;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A connection of HTTP/1.1 at one end of a {@link StreamTunnel}: no handler of ours is left. */
final class ChannelEnd extends ChannelInboundHandlerAdapter implements TunnelEnd {
    private static final int LINGER_SECONDS = 2;

    private final DuplexChannel channel;
    private final boolean client;
    private StreamTunnel.@Nullable Side side;
    private boolean outputEnded;
    private boolean inputEnded;
    private boolean lingers;

    private ChannelEnd(DuplexChannel channel, boolean client) {
        this.channel = channel;
        this.client = client;
    }

    static ChannelEnd ofClient(DuplexChannel channel) {
        return new ChannelEnd(channel, true);
    }

    static ChannelEnd ofServer(DuplexChannel channel) {
        return new ChannelEnd(channel, false);
    }

    private StreamTunnel.Side side() {
        StreamTunnel.Side joined = side;
        if (joined == null) {
            throw new IllegalStateException("joined to nothing");
        }
        return joined;
    }

    // ---- what the other end asks ----

    @Override
    public void joined(StreamTunnel.Side to) {
        side = to;
        channel.pipeline().addLast(this);
        channel.config().setAutoRead(true);
    }

    @Override
    public void write(ByteBuf bytes) {
        var _ = channel.write(bytes, channel.voidPromise());
    }

    @Override
    public void flush() {
        channel.flush();
    }

    @Override
    public boolean isWritable() {
        return channel.isWritable();
    }

    @Override
    public void resumeReading() {
        if (!channel.config().isAutoRead()) {
            channel.config().setAutoRead(true);
        }
    }

    @Override
    public void endOutput(Runnable told) {
        TunnelEnd.whenWritten(
                channel.writeAndFlush(Unpooled.EMPTY_BUFFER),
                () -> {
                    if (halfCloses()) {
                        outputEnded = true;
                        var _ = channel.shutdownOutput();
                    }
                    told.run();
                });
    }

    /** TLS has no half-close that its peers expect. */
    @Override
    public boolean halfCloses() {
        return channel.pipeline().get(SslHandler.class) == null;
    }

    /**
     * RFC 9112 9.6: what a client still sends to a closed connection is answered by a reset, which
     * may take along what it has not got yet. So it is read to its end for a while.
     */
    @Override
    public void close() {
        if (client && outputEnded && !inputEnded && channel.isActive()) {
            lingers = true;
            resumeReading();
            Runnable closing =
                    () -> {
                        var _ = channel.close();
                    };
            var _ = channel.eventLoop().schedule(closing, LINGER_SECONDS, TimeUnit.SECONDS);
        } else {
            var _ = channel.close();
        }
    }

    @Override
    public void abort() {
        if (channel.isOpen()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            channel.unsafe().close(channel.voidPromise());
        }
    }

    // ---- what its peer does ----

    /**
     * Before it was joined.
     *
     * @param early taken over
     */
    void said(@Nullable ByteBuf early, boolean ended) {
        if (early != null) {
            side().came(early);
            side().batchRead();
        }
        if (ended) {
            inputEnded = true;
            side().ended();
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        side().came((ByteBuf) message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (!side().batchRead()) {
            channel.config().setAutoRead(false);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        side().canTakeMore();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (!EndOfInput.is(event)) {
            return;
        }
        inputEnded = true;
        if (lingers) {
            var _ = channel.close();
        } else if (client) {
            side().ended();
        } else {
            // A server of HTTP/1.1 closes when it has nothing more to say, and reads no more.
            side().endedForBoth();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        lost();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (lingers) {
            var _ = channel.close();
        }
        lost();
    }

    private void lost() {
        side().lost(client ? Reason.CLIENT_RESET : Reason.SERVER_RESET);
    }
}
