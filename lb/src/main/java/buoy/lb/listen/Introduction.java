package buoy.lb.listen;

import buoy.lb.pool.Doing;
import buoy.lb.pool.Reason;
import buoy.lb.proxy.Ends;
import buoy.lb.proxy.ProxyHeader;
import buoy.lb.worker.EndOfInput;
import buoy.lb.worker.Worker;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A connection whose proxy has not said yet whose it is. */
final class Introduction extends ChannelInboundHandlerAdapter implements Client {
    /** Proxies say it with their first packet. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** Told exactly one of these; the channel is being closed with the second. */
    interface Told {
        /**
         * The connection is as it was accepted: nothing is in its pipeline that anybody has to
         * mind.
         *
         * @param ends null if those of the connection itself hold
         */
        void introduced(@Nullable Ends ends);

        void notIntroduced(Reason reason);
    }

    private final DuplexChannel channel;
    private final Told told;
    private final Future<?> deadline;
    private ByteBuf seen = Unpooled.EMPTY_BUFFER;
    private boolean over;

    private Introduction(Worker worker, DuplexChannel channel, Told told) {
        this.channel = channel;
        this.told = told;
        this.deadline =
                worker.loop()
                        .schedule(
                                () -> giveUp(Reason.PROXY_TIMEOUT),
                                PATIENCE.toMillis(),
                                TimeUnit.MILLISECONDS);
    }

    static Introduction await(Worker worker, DuplexChannel channel, Told told) {
        Introduction introduction = new Introduction(worker, channel, told);
        channel.config().setRecvByteBufAllocator(new FirstReads());
        channel.pipeline().addLast(introduction);
        channel.read();
        return introduction;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        if (over) {
            in.release();
            return;
        }
        seen = join(seen, in);
        byte[] bytes = new byte[Math.min(seen.readableBytes(), ProxyHeader.LONGEST)];
        seen.getBytes(seen.readerIndex(), bytes);
        switch (ProxyHeader.read(bytes, bytes.length)) {
            case ProxyHeader.NeedMore() -> {}
            case ProxyHeader.Wrong() -> giveUp(Reason.BAD_PROXY_HEADER);
            case ProxyHeader.Whole(int length, Ends ends) -> {
                ByteBuf rest = seen.skipBytes(length);
                end();
                context.pipeline().remove(this);
                if (rest.isReadable()) {
                    channel.pipeline().addFirst(new Leftover(rest));
                } else {
                    rest.release();
                }
                told.introduced(ends);
            }
        }
    }

    /** One buffer, however many pieces: {@link ProxyHeader} ends it at its longest. */
    static ByteBuf join(ByteBuf seen, ByteBuf in) {
        if (!seen.isReadable()) {
            return in;
        }
        seen.writeBytes(in);
        in.release();
        return seen;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (!over) {
            context.read();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (EndOfInput.is(event)) {
            left(Reason.CLIENT_CLOSED);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        left(Reason.CLIENT_CLOSED);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        left(Reason.CLIENT_RESET);
    }

    /** A proxy that just looks whether somebody is here says nothing and is none that failed. */
    private void left(Reason reason) {
        if (!over && !seen.isReadable()) {
            end();
            var _ = channel.close();
        } else {
            giveUp(reason);
        }
    }

    private void giveUp(Reason reason) {
        if (!over) {
            end();
            seen.release();
            told.notIntroduced(reason);
            var _ = channel.close();
        }
    }

    private void end() {
        over = true;
        deadline.cancel(false);
    }

    @Override
    public Activity activity() {
        return Activity.IDLE;
    }

    @Override
    public Doing doing() {
        return Doing.of(Doing.State.BEGINNING);
    }

    @Override
    public void drain() {
        left(Reason.STOPPING);
    }

    @Override
    public void cut(Reason reason) {
        giveUp(reason);
    }
}
