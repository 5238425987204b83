package buoy.lb.worker;

import buoy.config.model.Endpoint;
import buoy.config.model.Location;
import buoy.config.model.UnixPath;
import io.netty.channel.unix.DomainSocketAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;

/** Locations as sockets want them. */
public final class SocketAddresses {
    private SocketAddresses() {}

    /** As the JDK has them. */
    public static SocketAddress of(Location location) {
        return switch (location) {
            case Endpoint(var address, int port) -> new InetSocketAddress(address, port);
            case UnixPath(var path) -> UnixDomainSocketAddress.of(path);
        };
    }

    /** The same, as Netty's epoll has them. */
    static SocketAddress forEpoll(SocketAddress address) {
        return address instanceof UnixDomainSocketAddress unix
                ? new DomainSocketAddress(unix.getPath().toString())
                : address;
    }
}
