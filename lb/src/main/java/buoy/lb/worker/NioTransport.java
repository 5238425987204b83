package buoy.lb.worker;

import buoy.config.model.TcpOptions;
import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.spi.SelectorProvider;
import java.time.Duration;
import jdk.net.ExtendedSocketOptions;

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
    public DuplexChannel socket(SocketAddress address) {
        return address instanceof InetSocketAddress
                ? new NioSocketChannel()
                : new NioDomainSocketChannel();
    }

    @Override
    public SocketAddress address(SocketAddress address) {
        return address;
    }

    @Override
    public ServerChannel listeningSocket(SocketAddress at) {
        if (!(at instanceof InetSocketAddress address)) {
            return new NioServerDomainSocketChannel();
        }
        // An IPv4 socket where IPv4 is meant; the JDK's IPv6 sockets are always for both.
        NioServerSocketChannel channel =
                new NioServerSocketChannel(
                        SelectorProvider.provider(), family(address.getAddress()));
        channel.config().setOption(NioChannelOption.of(StandardSocketOptions.SO_REUSEPORT), true);
        return channel;
    }

    @Override
    public ServerChannel listeningSocket(int descriptor) {
        throw noDescriptors();
    }

    @Override
    public ServerChannel unixListeningSocket(int descriptor) {
        throw noDescriptors();
    }

    @Override
    public DatagramChannel receivingSocket(int descriptor) {
        throw noDescriptors();
    }

    private static UnsupportedOperationException noDescriptors() {
        return new UnsupportedOperationException("NIO takes no descriptors");
    }

    @Override
    public boolean holdBack(ServerChannel listening) {
        return false;
    }

    @Override
    public int waiting(ServerChannel listening) {
        return 0;
    }

    @Override
    public DatagramChannel datagramSocket(InetAddress address) {
        return new NioDatagramChannel(family(address));
    }

    @Override
    public DatagramChannel receivingSocket(InetAddress address) {
        NioDatagramChannel channel = new NioDatagramChannel(family(address));
        channel.config().setOption(NioChannelOption.of(StandardSocketOptions.SO_REUSEPORT), true);
        return channel;
    }

    @Override
    public void comesFrom(Channel channel, From from) {}

    @Override
    public boolean mayBeTransparent() {
        return false;
    }

    @Override
    public void watch(DuplexChannel channel, TcpOptions by) {
        if (!(channel instanceof SocketChannel)) {
            return;
        }
        by.idle()
                .ifPresent(time -> set(channel, ExtendedSocketOptions.TCP_KEEPIDLE, seconds(time)));
        by.every()
                .ifPresent(
                        time ->
                                set(
                                        channel,
                                        ExtendedSocketOptions.TCP_KEEPINTERVAL,
                                        seconds(time)));
        by.count().ifPresent(count -> set(channel, ExtendedSocketOptions.TCP_KEEPCOUNT, count));
    }

    private static void set(DuplexChannel channel, SocketOption<Integer> option, int value) {
        channel.config().setOption(NioChannelOption.of(option), value);
    }

    private static int seconds(Duration time) {
        return Math.toIntExact(time.toSeconds());
    }

    /** The JDK has no such option. */
    @Override
    public boolean hasUserTimeout() {
        return false;
    }

    private static SocketProtocolFamily family(InetAddress address) {
        return address instanceof Inet6Address
                ? SocketProtocolFamily.INET6
                : SocketProtocolFamily.INET;
    }

    /** The JDK has no such option: the client finds out when it next sends. */
    @Override
    public void sendWithoutAddress(DuplexChannel channel) {}
}
