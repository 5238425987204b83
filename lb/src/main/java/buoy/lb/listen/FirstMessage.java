package buoy.lb.listen;

import buoy.lb.pool.Reason;
import buoy.lb.worker.EndOfInput;
import buoy.lb.worker.Worker;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Gathers one of the messages that a client begins with, bounded in total time, and in bytes by
 * whoever reads them. Reads no more than that.
 *
 * @param <M> what a message is read as
 */
public final class FirstMessage<M> extends ChannelInboundHandlerAdapter {
    /** Told exactly one of these. */
    public interface Told<M> {
        /**
         * A message is whole, or can never be one. The channel's pipeline is as it was before,
         * auto-read is off.
         *
         * @param bytes everything that has arrived, at least the message; the callee releases it
         */
        void arrived(M message, ByteBuf bytes);

        /** No message will come. The channel may be closed already. */
        void missing(Reason reason);
    }

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Worker worker;
    private final DuplexChannel client;
    private final Function<ByteBuffer, Optional<M>> reader;
    private final Told<M> told;
    private @Nullable ByteBuf gathered;
    private @Nullable Future<?> timer;
    private boolean over;

    private FirstMessage(
            Worker worker,
            DuplexChannel client,
            Function<ByteBuffer, Optional<M>> reader,
            Told<M> told) {
        this.worker = worker;
        this.client = client;
        this.reader = reader;
        this.told = told;
    }

    /**
     * Starts reading.
     *
     * @param reader of all that has arrived, from the buffer's position; empty asks for more, which
     *     it has to stop doing some time
     */
    public static <M> FirstMessage<M> await(
            Worker worker,
            DuplexChannel client,
            Function<ByteBuffer, Optional<M>> reader,
            Told<M> told) {
        FirstMessage<M> message = new FirstMessage<>(worker, client, reader, told);
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
        Optional<M> message = reader.apply(bytes.nioBuffer());
        if (message.isEmpty()) {
            client.read();
            return;
        }
        leave();
        gathered = null;
        told.arrived(message.get(), bytes);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (EndOfInput.is(event)) {
            // What came before the end is looked at first: a CancelRequest may end with it.
            channelReadComplete(context);
            if (over) {
                // The end is said once alone: whoever is told of the message has to hear it too.
                client.pipeline().fireUserEventTriggered(event);
            }
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
    public void giveUp(Reason reason) {
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
