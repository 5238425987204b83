package buoy.lb.worker;

import buoy.config.model.Endpoint;
import buoy.config.model.Location;
import buoy.config.model.UnixPath;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;

/** Locations as sockets want them. */
public final class SocketAddresses {
    private SocketAddresses() {}

    /** As the JDK has them. */
    public static SocketAddress of(Location location) {
        return switch (location) {
            case Endpoint(var address, int port) -> new InetSocketAddress(named(address), port);
            case UnixPath(var path) -> UnixDomainSocketAddress.of(path);
        };
    }

    /**
     * The address with its text as its name, which Netty keeps for each connection that is made to
     * it, and would write anew.
     */
    private static InetAddress named(InetAddress address) {
        try {
            String text = address.getHostAddress();
            return address instanceof Inet6Address six && six.getScopeId() != 0
                    ? Inet6Address.getByAddress(text, six.getAddress(), six.getScopeId())
                    : InetAddress.getByAddress(text, address.getAddress());
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** The same, as Netty's epoll has them. */
    static SocketAddress forEpoll(SocketAddress address) {
        return address instanceof UnixDomainSocketAddress unix
                ? new DomainSocketAddress(unix.getPath().toString())
                : address;
    }
}
