package buoy.lb.listen;

import io.netty.channel.socket.DuplexChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.Predicate;

/** Which clients are meant, by where they came to on this host. */
public sealed interface CameTo {
    /** Everybody's, on unix sockets too. */
    record Anywhere() implements CameTo {}

    /** Those that came to one of these addresses: nobody on a unix socket, which has none. */
    record Addresses(Predicate<InetAddress> which) implements CameTo {}

    /** False once a connection is closed. */
    default boolean includes(DuplexChannel channel) {
        return switch (this) {
            case Anywhere _ -> channel.isOpen();
            case Addresses(var which) ->
                    channel.localAddress() instanceof InetSocketAddress own
                            && which.test(own.getAddress());
        };
    }
}
