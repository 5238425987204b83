package buoy.lb.worker;

import buoy.config.model.ProcessSettings;
import buoy.config.model.TcpOptions;
import io.netty.channel.Channel;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DuplexChannel;
import java.net.InetAddress;
import java.net.SocketAddress;

/** How sockets are made and polled. */
sealed interface Transport permits EpollTransport, NioTransport {

    /** The transport the operator asked for; {@code auto} is epoll where it loads, else NIO. */
    static Transport of(ProcessSettings.Transport wish) throws TransportUnavailable {
        return switch (wish) {
            case AUTO -> EpollTransport.available() ? new EpollTransport() : new NioTransport();
            case EPOLL -> EpollTransport.orRefuse();
            case NIO -> new NioTransport();
        };
    }

    /** As the configuration spells it. */
    String name();

    IoHandlerFactory polling();

    /** A socket that is not connected yet, of the family of {@code address}. */
    DuplexChannel socket(SocketAddress address);

    /** As this transport's sockets want it. */
    SocketAddress address(SocketAddress address);

    /**
     * A socket that is not bound yet, of the family of {@code address}. It shares its port with the
     * other workers, and where the transport allows it binds an address this host does not have
     * now. A unix socket is shared by nobody.
     */
    ServerChannel listeningSocket(SocketAddress address);

    /**
     * One that another process has made so and passed on.
     *
     * @throws UnsupportedOperationException if this transport cannot
     */
    ServerChannel listeningSocket(int descriptor);

    /** The same of a unix socket. */
    ServerChannel unixListeningSocket(int descriptor);

    /** The same of one that {@link #receivingSocket(InetAddress)} made. */
    DatagramChannel receivingSocket(int descriptor);

    /**
     * Lets nobody begin a connection at a listening socket any more, for good: whoever tries is not
     * answered for now (on a unix socket, refused). Those that are being made are accepted yet.
     *
     * @return whether this transport can
     */
    boolean holdBack(ServerChannel listening);

    /** Connections in the queue of a listening socket, as far as that can be known. */
    int waiting(ServerChannel listening);

    /** A socket for datagrams to one address of this family. */
    DatagramChannel datagramSocket(InetAddress address);

    /** As {@link #listeningSocket} for datagrams: the kernel shares them out by sender. */
    DatagramChannel receivingSocket(InetAddress address);

    /**
     * Prepares a socket to be bound to an address before it is connected.
     *
     * @throws io.netty.channel.ChannelException if it may not
     */
    void comesFrom(Channel channel, From from);

    /** Whether {@link From#transparent} is possible: it takes CAP_NET_ADMIN. */
    boolean mayBeTransparent();

    /**
     * Has the kernel find out so soon that a connection's peer is gone. Does nothing to unix
     * sockets.
     *
     * @throws io.netty.channel.ChannelException if the connection is gone already
     */
    void watch(DuplexChannel channel, TcpOptions by);

    /** Whether {@link TcpOptions#userTimeout} can be had. */
    boolean hasUserTimeout();

    /**
     * Lets a connection send although its own address has left this host, where the kernel allows
     * that: it takes CAP_NET_ADMIN.
     */
    void sendWithoutAddress(DuplexChannel channel);
}
