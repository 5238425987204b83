package buoy.lb.listen;

import io.netty.channel.ChannelHandler;
import io.netty.channel.socket.SocketChannel;

/** Makes the handler that speaks TLS on one accepted connection. Called on the worker. */
public interface Securing {
    ChannelHandler handler(SocketChannel channel);
}
