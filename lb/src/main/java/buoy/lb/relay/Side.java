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
import org.jspecify.annotations.Nullable;

/** One side of a relay: reads from its own channel, writes to the other side's. */
final class Side extends ChannelInboundHandlerAdapter {
    private final Relay relay;
    private final DuplexChannel own;
    private final DuplexChannel other;
    private final Outlet outlet;
    private final boolean client;
    private int flow = Flow.NEW;

    /** Bytes since the last batch of reads was over. */
    private int batch;

    /** Null while bytes are copied. */
    private @Nullable Splice splice;

    /** Bytes that were spliced wait for the other side; nothing is read meanwhile. */
    private boolean blocked;

    /** Our peer is lost, and the socket will say that it has ended. */
    private boolean broken;

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
        moved(bytes.readableBytes());
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
        flow = Flow.after(flow, batch);
        batch = 0;
        boolean bulk = Flow.isBulk(flow);
        if (bulk != (splice != null)) {
            spliced(bulk);
        }
    }

    private void moved(int bytes) {
        batch += bytes;
        relay.moved(bytes, client);
    }

    private void spliced(boolean on) {
        Splice next = on ? Splice.between(this, relay.worker().pipes()).orElse(null) : null;
        if (next != null) {
            relay.worker().shareReads(own, () -> splice(next));
        } else if (splice != null) {
            relay.worker().shareReads(own);
        }
        splice = next;
    }

    /** Before Netty reads. Whether it should. */
    private boolean splice(Splice way) {
        if (blocked || broken || !outlet.isFree()) {
            return !blocked;
        }
        return switch (way.move(this::unblock)) {
            case Splice.Moved.All(int bytes) -> {
                moved(bytes);
                yield true;
            }
            case Splice.Moved.Blocked(int bytes) -> {
                moved(bytes);
                // Unless it went through just now.
                if (!outlet.isFree()) {
                    blocked = true;
                    read(false);
                }
                yield !blocked;
            }
            case Splice.Moved.Broken(int bytes, var why) -> {
                moved(bytes);
                broken = true;
                own.eventLoop().execute(() -> own.pipeline().fireExceptionCaught(why));
                yield true;
            }
        };
    }

    private void unblock() {
        if (blocked) {
            blocked = false;
            read(other.isWritable());
        }
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
            own.config().setAutoRead(on && !blocked);
        }
    }

    DuplexChannel own() {
        return own;
    }

    DuplexChannel other() {
        return other;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (EndOfInput.is(event)) {
            end();
        }
    }

    /** Our peer sends no more: its end is passed on behind everything it sent. */
    void end() {
        if (broken) {
            lost();
            return;
        }
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
