package buoy.lb.relay;

import buoy.lb.worker.EndOfInput;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;

/** One side of a relay: reads from its own channel, writes to the other side's. */
final class Side extends ChannelInboundHandlerAdapter {
    private final Relay relay;
    private final DuplexChannel own;
    private final DuplexChannel other;
    private final Outlet outlet;
    private final boolean client;

    /** Our peer will send no more. */
    private boolean ended;

    /** The other side's peer was told so. */
    private boolean passedOn;

    Side(Relay relay, DuplexChannel own, DuplexChannel other, boolean client) {
        this.relay = relay;
        this.own = own;
        this.other = other;
        this.outlet = new Outlet(other);
        this.client = client;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        forward((ByteBuf) message);
    }

    private void forward(ByteBuf bytes) {
        relay.moved(bytes.readableBytes(), client);
        outlet.write(bytes);
    }

    void forwardNow(ByteBuf bytes) {
        forward(bytes);
        outlet.flush();
    }

    boolean isWritable() {
        return own.isWritable();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        outlet.flush();
    }

    /**
     * Our own channel can take more, or no more for now: reading on the other side goes on, or
     * waits. What waits in between is bounded by the channel's write marks and one read.
     */
    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        boolean writable = own.isWritable();
        if (!writable) {
            // The mark counts what was not offered to the socket yet.
            own.flush();
        }
        relay.otherThan(this).read(own.isWritable());
    }

    void read(boolean on) {
        if (!ended) {
            own.config().setAutoRead(on);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (EndOfInput.is(event)) {
            end();
        }
    }

    /** Our peer sends no more: its end is passed on behind everything it sent. */
    void end() {
        if (ended) {
            return;
        }
        ended = true;
        if (!client && relay.endedEarly()) {
            return;
        }
        var _ =
                other.writeAndFlush(Unpooled.EMPTY_BUFFER)
                        .addListener(
                                written -> {
                                    if (written.isSuccess()) {
                                        shutOther();
                                    }
                                });
    }

    private void shutOther() {
        passedOn = true;
        // TLS has no half-close that its peers expect, so there the first end is the end of both.
        if (relay.otherThan(this).passedOn || other.pipeline().get(SslHandler.class) != null) {
            relay.finish();
        } else {
            var _ = other.shutdownOutput();
        }
    }

    /**
     * Once both ends have been said on this connection it closes by itself, whatever still waits
     * for the other side: that is no loss.
     */
    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (!ended || !relay.otherThan(this).passedOn) {
            lost();
        }
    }

    /** Reading here failed, or a write by the other side: either way our peer is gone. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        lost();
    }

    /**
     * Within TLS a peer that has said its end reads no more. What was on its way to it then comes
     * back as a reset, and that is no loss either, once all it said has been passed on.
     */
    private void lost() {
        if (passedOn && own.pipeline().get(SslHandler.class) != null) {
            relay.finish();
        } else {
            relay.lost(client);
        }
    }

    void close() {
        var _ = own.close();
    }

    /** Behind everything that was sent to our peer, a last word. */
    void close(byte[] word) {
        var _ =
                own.writeAndFlush(Unpooled.wrappedBuffer(word))
                        .addListener(ChannelFutureListener.CLOSE);
    }

    boolean hasEnded() {
        return ended;
    }

    /** Closes with a reset, so that our peer does not take a cut for a proper end. */
    void abort() {
        if (own.isOpen()) {
            own.config().setOption(ChannelOption.SO_LINGER, 0);
            own.unsafe().close(own.voidPromise());
        }
    }
}
