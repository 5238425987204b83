package buoy.lb.worker;

import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Takes accepted connections onto the worker whose listening socket accepted them. */
final class Accepting extends ChannelInboundHandlerAdapter {
    private final Worker worker;
    private final Consumer<SocketChannel> accepted;

    Accepting(Worker worker, Consumer<SocketChannel> accepted) {
        this.worker = worker;
        this.accepted = accepted;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        SocketChannel channel = (SocketChannel) message;
        worker.configure(channel.config());
        worker.register(channel, () -> accepted.accept(channel));
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
