package buoy.lb.postgres;

import buoy.lb.listen.Listening;
import buoy.lb.pool.Pool;
import buoy.lb.pool.Reason;
import buoy.lb.pool.Server;
import buoy.lb.worker.Worker;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Passes a {@code CancelRequest} on to every server of the pool that is up: which of them holds the
 * session only its key tells, and the others ignore it. The client is closed once all have closed,
 * which is how it learns that the request was taken.
 */
final class Cancel {
    private final Worker worker;
    private final Listening listening;
    private final SocketChannel client;
    private int pending;

    private Cancel(Worker worker, Listening listening, SocketChannel client) {
        this.worker = worker;
        this.listening = listening;
        this.client = client;
    }

    /** Takes {@code bytes} over; the message is its first {@code length} bytes. */
    static void forward(
            Worker worker,
            Listening listening,
            Pool pool,
            SocketChannel client,
            ByteBuf bytes,
            int length) {
        List<Server> servers =
                pool.servers().stream().filter(server -> server.health().isUp()).toList();
        if (servers.isEmpty()) {
            listening.tally(worker).failed(Reason.NO_SERVER_UP);
            var _ = client.close();
        } else {
            Cancel cancel = new Cancel(worker, listening, client);
            // One more than there are servers, until all are asked: none may end it before.
            cancel.pending = servers.size() + 1;
            for (Server server : servers) {
                cancel.ask(pool, server, bytes.retainedSlice(bytes.readerIndex(), length));
            }
            cancel.done();
        }
        bytes.release();
    }

    private void ask(Pool pool, Server server, ByteBuf message) {
        var timeout = pool.config().timeouts().connect();
        worker.connect(server.address(), timeout)
                .addListener(
                        (ChannelFuture connected) -> {
                            if (!connected.isSuccess()) {
                                message.release();
                                done();
                                return;
                            }
                            Channel channel = connected.channel();
                            var _ = channel.closeFuture().addListener(_ -> done());
                            channel.pipeline().addLast(new UntilClosed());
                            var _ = channel.writeAndFlush(message);
                            channel.config().setAutoRead(true);
                            var _ =
                                    worker.loop()
                                            .schedule(
                                                    () -> close(channel),
                                                    timeout.toNanos(),
                                                    TimeUnit.NANOSECONDS);
                        });
    }

    private void done() {
        pending--;
        if (pending == 0) {
            listening.tally(worker).finished();
            var _ = client.close();
        }
    }

    private static void close(Channel channel) {
        var _ = channel.close();
    }

    /** The server closes when it has read the request; it says nothing. */
    private static final class UntilClosed extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ReferenceCountUtil.release(message);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                close(context.channel());
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            close(context.channel());
        }
    }
}
