package buoy.lb.postgres;

import buoy.lb.pool.Reason;
import buoy.lb.worker.EndOfInput;
import buoy.lb.worker.Worker;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Gathers one of the messages that a client begins with, bounded in bytes and in total time. Reads
 * no more than that.
 */
final class FirstMessage extends ChannelInboundHandlerAdapter {
    /** Told exactly one of these. */
    interface Told {
        /**
         * A message is whole, or can never be one. The channel's pipeline is as it was before,
         * auto-read is off.
         *
         * @param bytes everything that has arrived, at least the message; the callee releases it
         */
        void arrived(Startup message, ByteBuf bytes);

        /** No message will come. The channel may be closed already. */
        void missing(Reason reason);
    }

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Worker worker;
    private final SocketChannel client;
    private final Told told;
    private @Nullable ByteBuf gathered;
    private @Nullable Future<?> timer;
    private boolean over;

    private FirstMessage(Worker worker, SocketChannel client, Told told) {
        this.worker = worker;
        this.client = client;
        this.told = told;
    }

    /** Starts reading. */
    static FirstMessage await(Worker worker, SocketChannel client, Told told) {
        FirstMessage message = new FirstMessage(worker, client, told);
        client.pipeline().addLast(message);
        message.timer =
                worker.loop()
                        .schedule(
                                () -> message.giveUp(Reason.HEADER_TIMEOUT),
                                PATIENCE.toNanos(),
                                TimeUnit.NANOSECONDS);
        client.read();
        return message;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        ByteBuf before = gathered;
        // Copied: what was read into is large, and a client may take its time.
        ByteBuf all = before == null ? worker.allocator().directBuffer(64) : before;
        gathered = all.writeBytes(bytes);
        bytes.release();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        ByteBuf bytes = gathered;
        if (over) {
            return;
        }
        if (bytes == null) {
            client.read();
            return;
        }
        Startup message = Startup.read(bytes.nioBuffer());
        if (message instanceof Startup.NeedMore) {
            client.read();
            return;
        }
        leave();
        gathered = null;
        told.arrived(message, bytes);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (EndOfInput.is(event)) {
            // What came before the end is looked at first: a CancelRequest may end with it.
            channelReadComplete(context);
            giveUp(Reason.CLIENT_CLOSED);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        giveUp(Reason.CLIENT_CLOSED);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        giveUp(Reason.CLIENT_RESET);
    }

    /** Does nothing once one was told. */
    void giveUp(Reason reason) {
        if (!over) {
            leave();
            ByteBuf bytes = gathered;
            if (bytes != null) {
                bytes.release();
                gathered = null;
            }
            told.missing(reason);
        }
    }

    private void leave() {
        over = true;
        Future<?> running = timer;
        if (running != null) {
            running.cancel(false);
        }
        client.pipeline().remove(this);
    }
}
