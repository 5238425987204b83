package buoy.lb.postgres;

import buoy.config.model.TcpOptions;
import buoy.lb.listen.Listening;
import buoy.lb.pool.Dial;
import buoy.lb.pool.Opening;
import buoy.lb.pool.Pool;
import buoy.lb.pool.Reason;
import buoy.lb.pool.Server;
import buoy.lb.postgres.Cancels.Giver;
import buoy.lb.worker.EndOfInput;
import buoy.lb.worker.Worker;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * One {@code CancelRequest} on its way. Where its key was given through this process it goes to the
 * server that gave it. Otherwise (the session is another host's, or its start was hidden by TLS) it
 * goes to every server that may hold it, at a bounded pace: only the one that gave the key heeds
 * it.
 *
 * <p>A server answers nothing and closes when it has read the request. The client is closed once
 * those that are up have closed, which is how it learns that the request was taken. It may go
 * before: some clients do not wait.
 */
final class Cancel {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Worker worker;
    private final Listening listening;
    private final DuplexChannel client;
    private int awaited;

    private Cancel(Worker worker, Listening listening, DuplexChannel client) {
        this.worker = worker;
        this.listening = listening;
        this.client = client;
    }

    /**
     * @param pools in one of which the session is
     * @param message the request alone; taken over
     */
    static void forward(
            Worker worker,
            Listening listening,
            Cancels cancels,
            CancelKey key,
            Set<Pool> pools,
            DuplexChannel client,
            ByteBuf message) {
        Cancel cancel = new Cancel(worker, listening, client);
        client.pipeline().addLast(new UntilClosed());
        Optional<Giver> giver = cancels.giver(key);
        if (giver.isPresent()) {
            cancel.ask(List.of(giver.get()), message);
            return;
        }
        long wait = cancels.pace(worker).turn(System.nanoTime());
        if (wait < 0) {
            message.release();
            cancel.refuse(Reason.CANCEL_LIMIT);
        } else if (wait == 0) {
            cancel.ask(everyServer(pools), message);
        } else {
            var _ =
                    worker.loop()
                            .schedule(
                                    () -> cancel.ask(everyServer(pools), message),
                                    wait,
                                    TimeUnit.NANOSECONDS);
        }
    }

    /** Each address once, although a server may be in several pools. */
    private static Collection<Giver> everyServer(Set<Pool> pools) {
        Map<SocketAddress, Giver> servers = new LinkedHashMap<>();
        for (Pool pool : pools) {
            for (Server server : pool.servers()) {
                if (server.whereabouts().at().isPresent()) {
                    servers.merge(
                            server.address(),
                            new Giver(server, server.address()),
                            (one, other) -> one.server().health().isUp() ? one : other);
                }
            }
        }
        return servers.values();
    }

    private void ask(Collection<Giver> servers, ByteBuf message) {
        // One that is down may hold the session all the same, but is not waited for unless all are.
        boolean someUp = servers.stream().anyMatch(each -> each.server().health().isUp());
        // One more than there are servers, until all are asked: none may end it before.
        awaited = 1;
        for (Giver each : servers) {
            boolean await = !someUp || each.server().health().isUp();
            if (await) {
                awaited++;
            }
            ask(each, message.retainedSlice(), await ? this::done : () -> {});
        }
        message.release();
        done();
    }

    private void ask(Giver one, ByteBuf message, Runnable then) {
        Server server = one.server();
        worker.connect(one.at(), server.from(null), PATIENCE, TcpOptions.KERNELS)
                .addListener(
                        (ChannelFuture connected) -> {
                            if (!connected.isSuccess()) {
                                message.release();
                                then.run();
                                return;
                            }
                            DuplexChannel channel = (DuplexChannel) connected.channel();
                            var _ = channel.closeFuture().addListener(_ -> then.run());
                            var _ =
                                    worker.loop()
                                            .schedule(
                                                    () -> close(channel),
                                                    PATIENCE.toNanos(),
                                                    TimeUnit.NANOSECONDS);
                            server.sendProxy()
                                    .ifPresent(version -> Dial.introduce(channel, version, null));
                            Encryption.secure(
                                    new Opening.Fresh(worker, server, channel, PATIENCE, PATIENCE),
                                    new Asked(channel, message));
                        });
    }

    /** Says it as soon as the connection is open. */
    private record Asked(DuplexChannel server, ByteBuf message) implements Opening.Opened {
        @Override
        public void opened() {
            server.pipeline().addLast(new UntilClosed());
            var _ = server.writeAndFlush(message);
            server.config().setAutoRead(true);
        }

        @Override
        public void failed(Reason unused) {
            message.release();
            close(server);
        }
    }

    private void done() {
        awaited--;
        if (awaited == 0) {
            listening.tally(worker).finished();
            close(client);
        }
    }

    private void refuse(Reason reason) {
        listening.tally(worker).failed(reason);
        close(client);
    }

    private static void close(Channel channel) {
        var _ = channel.close();
    }

    /** Nothing is to be said on this connection any more. */
    private static final class UntilClosed extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ReferenceCountUtil.release(message);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (EndOfInput.is(event)) {
                close(context.channel());
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            close(context.channel());
        }
    }
}
