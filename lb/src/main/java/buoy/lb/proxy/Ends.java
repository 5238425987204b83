package buoy.lb.proxy;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Whose a connection is.
 *
 * @param client who made it; its port is 0 where it is not known
 * @param own what it was made to
 */
public record Ends(InetSocketAddress client, InetSocketAddress own) {
    /** Of a client without an address: it came to a unix socket, or is gone already. */
    public static final Ends UNKNOWN =
            new Ends(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));

    /** Whether there are addresses to tell anybody. Without them it counts as one of this host. */
    public boolean areKnown() {
        return !equals(UNKNOWN);
    }
}
