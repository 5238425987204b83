package buoy.lb.postgres;

import buoy.lb.pool.Server;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * Stands in a server's pipeline while a session starts and remembers the key that the server gives,
 * for as long as the connection lasts. The bytes pass as they are.
 */
final class KeyWatch extends ChannelInboundHandlerAdapter {
    private final Cancels cancels;
    private final Server server;
    private final ServerGreeting greeting = new ServerGreeting();
    private final Runnable ready;
    private boolean remembered;

    /**
     * @param ready run when the session has started
     */
    KeyWatch(Cancels cancels, Server server, Runnable ready) {
        this.ready = ready;
        this.cancels = cancels;
        this.server = server;
    }

    /** Whether an error, said now in the server's stead, is what the client can expect. */
    boolean takesError() {
        return greeting.takesError();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        greeting.read(((ByteBuf) message).nioBuffer());
        if (!remembered && greeting.key().isPresent()) {
            remembered = true;
            remember(context, greeting.key().get());
        }
        boolean over = greeting.isOver();
        context.fireChannelRead(message);
        if (over) {
            context.pipeline().remove(this);
            ready.run();
        }
    }

    private void remember(ChannelHandlerContext context, CancelKey key) {
        SocketAddress at =
                context.channel().remoteAddress() instanceof InetSocketAddress peer
                        ? peer
                        : server.address();
        Cancels.Giver by = new Cancels.Giver(server, at);
        Cancels whose = cancels;
        whose.given(key, by);
        // Keeps them and not this, which is of no more use by then.
        var _ = context.channel().closeFuture().addListener(_ -> whose.forget(key, by));
    }
}
