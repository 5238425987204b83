package buoy.lb.listen;

import io.netty.channel.socket.DuplexChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of this host whose clients are to go. Control sets it; every acceptor looks, so
 * that who comes meanwhile is served once and not kept.
 */
public final class Leaving {
    private volatile @Nullable Predicate<InetAddress> addresses;

    public void from(Predicate<InetAddress> addresses) {
        this.addresses = addresses;
    }

    public void end() {
        addresses = null;
    }

    boolean includes(DuplexChannel channel) {
        Predicate<InetAddress> now = addresses;
        return now != null && isAt(channel, now);
    }

    /**
     * Whether a client came to one of these addresses; false once its connection is closed, and on
     * unix sockets.
     */
    static boolean isAt(DuplexChannel channel, Predicate<InetAddress> addresses) {
        return channel.localAddress() instanceof InetSocketAddress own
                && addresses.test(own.getAddress());
    }
}
