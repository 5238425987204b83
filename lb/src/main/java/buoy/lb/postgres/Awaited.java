package buoy.lb.postgres;

import buoy.lb.pool.Opening;
import buoy.lb.pool.Reason;
import buoy.lb.worker.EndOfInput;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Says something to a server and gathers what it answers, in a total time. Who extends it looks at
 * what has arrived and says when it is enough.
 */
abstract class Awaited extends ChannelInboundHandlerAdapter {
    final Opening.Fresh fresh;
    final Opening.Opened opened;
    private final DuplexChannel server;
    private final Duration patience;
    private final Reason late;
    private final ByteBuf gathered;
    private @Nullable ChannelHandlerContext own;
    private @Nullable Future<?> timer;
    private boolean over;

    /**
     * @param opened told by who extends it, or that it failed
     * @param late the reason when nothing came in time
     */
    Awaited(Opening.Fresh fresh, Opening.Opened opened, Duration patience, Reason late) {
        this.fresh = fresh;
        this.opened = opened;
        this.server = fresh.channel();
        this.patience = patience;
        this.late = late;
        this.gathered = fresh.worker().allocator().directBuffer(64);
    }

    /** More came. Called until it leaves or is satisfied. */
    abstract void arrived();

    /**
     * @param question taken over
     */
    final void await(ByteBuf question) {
        server.pipeline().addLast(this);
        say(question);
        server.read();
    }

    /** Says more, and waits for an answer as long as for the first. */
    final void say(ByteBuf question) {
        within(patience, () -> giveUp(late));
        var _ = server.writeAndFlush(question);
    }

    /** From now on it is this that happens unless it is over in time. */
    final void within(Duration time, Runnable otherwise) {
        stopTimer();
        timer = fresh.worker().loop().schedule(otherwise, time.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** The server is gone, or silent for too long. */
    void lost(Reason reason) {
        opened.failed(reason);
    }

    /** What has arrived; freed when the handler leaves the pipeline. */
    final ByteBuf gathered() {
        return gathered;
    }

    /** It was enough: no time-out and no end matters here any more. */
    final void satisfied() {
        over = true;
        stopTimer();
    }

    final boolean isOver() {
        return over;
    }

    private void stopTimer() {
        Future<?> running = timer;
        if (running != null) {
            running.cancel(false);
        }
    }

    /** Passes on what was held back, and gives way; nothing if it is gone already. */
    final void letGo() {
        ChannelHandlerContext context = own;
        if (context == null || context.isRemoved()) {
            return;
        }
        if (gathered.isReadable()) {
            context.fireChannelRead(gathered.retainedSlice());
            context.fireChannelReadComplete();
        }
        if (!context.isRemoved()) {
            context.pipeline().remove(this);
        }
    }

    final void leave() {
        satisfied();
        server.pipeline().remove(this);
    }

    private void giveUp(Reason reason) {
        if (!over) {
            leave();
            lost(reason);
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        own = context;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        gathered.writeBytes(bytes);
        bytes.release();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        look();
        if (!over) {
            server.read();
        }
    }

    private void look() {
        if (!over && gathered.isReadable()) {
            arrived();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (EndOfInput.is(event)) {
            // What came before the end is looked at first: it may say why.
            look();
            giveUp(Reason.SERVER_CLOSED);
            context.fireUserEventTriggered(event);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        giveUp(Reason.SERVER_CLOSED);
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        giveUp(Reason.SERVER_RESET);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        gathered.release();
    }
}
