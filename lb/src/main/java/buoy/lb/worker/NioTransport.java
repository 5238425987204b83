package buoy.lb.worker;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.spi.SelectorProvider;

/**
 * The JDK's own polling, where epoll does not load. It cannot bind an address that is not on this
 * host.
 */
final class NioTransport implements Transport {
    @Override
    public String name() {
        return "nio";
    }

    @Override
    public IoHandlerFactory polling() {
        return NioIoHandler.newFactory();
    }

    @Override
    public SocketChannel socket(InetAddress address) {
        return new NioSocketChannel();
    }

    @Override
    public ServerChannel listeningSocket(InetAddress address) {
        // An IPv4 socket where IPv4 is meant; the JDK's IPv6 sockets are always for both.
        NioServerSocketChannel channel =
                new NioServerSocketChannel(
                        SelectorProvider.provider(),
                        address instanceof Inet6Address
                                ? SocketProtocolFamily.INET6
                                : SocketProtocolFamily.INET);
        channel.config().setOption(NioChannelOption.of(StandardSocketOptions.SO_REUSEPORT), true);
        return channel;
    }

    /** The JDK has no such option: the client finds out when it next sends. */
    @Override
    public void sendWithoutAddress(SocketChannel channel) {}
}
