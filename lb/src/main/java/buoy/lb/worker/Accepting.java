package buoy.lb.worker;

import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DuplexChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** Takes accepted connections onto the worker where each is to live. */
final class Accepting extends ChannelInboundHandlerAdapter {
    private final Supplier<Worker> to;
    private final BiConsumer<Worker, DuplexChannel> accepted;

    /** When somebody came, or this began. */
    private volatile long last = System.nanoTime();

    Accepting(Supplier<Worker> to, BiConsumer<Worker, DuplexChannel> accepted) {
        this.to = to;
        this.accepted = accepted;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        last = System.nanoTime();
        DuplexChannel channel = (DuplexChannel) message;
        Worker worker = to.get();
        worker.configure(channel.config());
        worker.register(channel, () -> accepted.accept(worker, channel));
    }

    /** How long nobody has come to this socket. */
    static Duration silence(ServerChannel listening) {
        Accepting door = listening.pipeline().get(Accepting.class);
        return door == null ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - door.last);
    }

    /**
     * accept(2) refuses when the process is out of files, and goes on refusing while the connection
     * waits: pause, or the loop would spin.
     */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        ChannelConfig config = context.channel().config();
        if (config.isAutoRead()) {
            config.setAutoRead(false);
            var _ =
                    context.channel()
                            .eventLoop()
                            .schedule(() -> config.setAutoRead(true), 1, TimeUnit.SECONDS);
        }
    }
}
