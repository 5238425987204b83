package buoy.lb.worker;

import buoy.config.model.TcpOptions;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.epoll.EpollSocketChannelConfig;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.unix.RawUnixChannelOption;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteOrder;
import java.time.Duration;

/** Linux epoll. */
final class EpollTransport implements Transport {
    /** linux/in6.h: keeps {@code [::]:80} from taking IPv4's port 80 as well. */
    private static final ChannelOption<Integer> IPV6_V6ONLY =
            new IntegerUnixChannelOption("IPV6_V6ONLY", 41, 26);

    /**
     * linux/in.h: the port is chosen when it is known where to, so that two connections to
     * different servers may have the same.
     */
    private static final ChannelOption<Integer> IP_BIND_ADDRESS_NO_PORT =
            new IntegerUnixChannelOption("IP_BIND_ADDRESS_NO_PORT", 0, 24);

    /** linux/tcp.h, up to what stands at {@link #UNACKED}. */
    private static final RawUnixChannelOption TCP_INFO =
            new RawUnixChannelOption("TCP_INFO", 6, 11, 28);

    /** Where struct tcp_info has, of a listening socket, the length of its queue. */
    private static final int UNACKED = 24;

    private final SynFilter filter = new SynFilter();

    static boolean available() {
        return Epoll.isAvailable();
    }

    static EpollTransport orRefuse() throws TransportUnavailable {
        if (!Epoll.isAvailable()) {
            Throwable cause = Epoll.unavailabilityCause();
            throw new TransportUnavailable(
                    "process.transport: epoll does not load here: "
                            + cause.getMessage()
                            + " (use `transport: auto` or `transport: nio`)",
                    cause);
        }
        return new EpollTransport();
    }

    @Override
    public String name() {
        return "epoll";
    }

    @Override
    public IoHandlerFactory polling() {
        return KeptInEpoll.factory();
    }

    @Override
    public DuplexChannel socket(SocketAddress address) {
        return address instanceof InetSocketAddress inet
                ? new EpollSocketChannel(family(inet.getAddress()))
                : new EpollDomainSocketChannel();
    }

    @Override
    public SocketAddress address(SocketAddress address) {
        return SocketAddresses.forEpoll(address);
    }

    @Override
    public ServerChannel listeningSocket(SocketAddress at) {
        if (!(at instanceof InetSocketAddress inet)) {
            return new EpollServerDomainSocketChannel();
        }
        InetAddress address = inet.getAddress();
        EpollServerSocketChannel channel = new EpollServerSocketChannel(family(address));
        channel.config().setOption(EpollChannelOption.SO_REUSEPORT, true);
        // The address may be on the other host now. Linux takes the IPv4 option on IPv6 sockets
        // too.
        channel.config().setOption(EpollChannelOption.IP_FREEBIND, true);
        if (address instanceof Inet6Address) {
            channel.config().setOption(IPV6_V6ONLY, 1);
        }
        return channel;
    }

    @Override
    public ServerChannel listeningSocket(int descriptor) {
        return new EpollServerSocketChannel(descriptor);
    }

    @Override
    public ServerChannel unixListeningSocket(int descriptor) {
        return new EpollServerDomainSocketChannel(descriptor, true);
    }

    @Override
    public DatagramChannel receivingSocket(int descriptor) {
        return new EpollDatagramChannel(descriptor);
    }

    @Override
    public boolean holdBack(ServerChannel listening) {
        try {
            if (listening instanceof EpollServerSocketChannel tcp) {
                return tcp.config().setOption(SynFilter.SO_ATTACH_FILTER, filter.program());
            }
            // What is in the queue can be accepted yet. Netty is not to know: it would not.
            new Socket(((UnixChannel) listening).fd().intValue()).shutdown(true, false);
            return true;
        } catch (ChannelException | IOException _) {
            return false; // what cannot be held back is refused at once
        }
    }

    @Override
    public int waiting(ServerChannel listening) {
        if (!(listening instanceof EpollServerSocketChannel tcp)) {
            return 0;
        }
        try {
            return tcp.config().getOption(TCP_INFO).order(ByteOrder.nativeOrder()).getInt(UNACKED);
        } catch (ChannelException _) {
            return 0; // the kernel does not say: whoever asks must not wait for it
        }
    }

    @Override
    public DatagramChannel datagramSocket(InetAddress address) {
        return new EpollDatagramChannel(family(address));
    }

    @Override
    public DatagramChannel receivingSocket(InetAddress address) {
        EpollDatagramChannel channel = new EpollDatagramChannel(family(address));
        channel.config().setReusePort(true);
        channel.config().setFreeBind(true);
        if (address instanceof Inet6Address) {
            channel.config().setOption(IPV6_V6ONLY, 1);
        }
        return channel;
    }

    @Override
    public void comesFrom(Channel channel, From from) {
        channel.config().setOption(IP_BIND_ADDRESS_NO_PORT, 1);
        if (from.transparent()) {
            channel.config().setOption(EpollChannelOption.IP_TRANSPARENT, true);
        }
    }

    @Override
    public boolean mayBeTransparent() {
        EpollSocketChannel trying = new EpollSocketChannel(SocketProtocolFamily.INET);
        try {
            return trying.config().setOption(EpollChannelOption.IP_TRANSPARENT, true);
        } catch (ChannelException _) {
            return false;
        } finally {
            trying.unsafe().closeForcibly();
        }
    }

    @Override
    public void watch(DuplexChannel channel, TcpOptions by) {
        if (!(channel instanceof EpollSocketChannel tcp)) {
            return;
        }
        EpollSocketChannelConfig config = tcp.config();
        by.idle().ifPresent(time -> config.setTcpKeepIdle(seconds(time)));
        by.every().ifPresent(time -> config.setTcpKeepIntvl(seconds(time)));
        by.count().ifPresent(config::setTcpKeepCnt);
        by.userTimeout()
                .ifPresent(time -> config.setTcpUserTimeout(Math.toIntExact(time.toMillis())));
    }

    private static int seconds(Duration time) {
        return Math.toIntExact(time.toSeconds());
    }

    @Override
    public boolean hasUserTimeout() {
        return true;
    }

    @Override
    public void sendWithoutAddress(DuplexChannel channel) {
        if (!(channel instanceof EpollSocketChannel)) {
            return;
        }
        try {
            // ip(7): bind to, and send from, what is not a local address. IPv6 too, see above.
            var _ = channel.config().setOption(EpollChannelOption.IP_TRANSPARENT, true);
        } catch (ChannelException _) {
            // Not permitted, or closed meanwhile: then the client finds out when it next sends.
        }
    }

    private static SocketProtocolFamily family(InetAddress address) {
        return address instanceof Inet6Address
                ? SocketProtocolFamily.INET6
                : SocketProtocolFamily.INET;
    }
}
