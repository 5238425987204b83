package buoy.lb.worker;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * The address that a connection to a server comes from, where it is not for the kernel to choose.
 *
 * @param transparent whether it may be one that this host does not have
 */
public record From(InetAddress address, boolean transparent) {
    /** Whether a socket that goes there can have it. */
    public boolean fits(SocketAddress to) {
        return to instanceof InetSocketAddress inet
                && inet.getAddress().getAddress().length == address.getAddress().length;
    }

    /**
     * Whether what goes there comes from an address that this host may not have. While nothing has
     * come back, that may be the address's own fault, and says nothing of the server.
     */
    public boolean isBorrowed(SocketAddress to) {
        return transparent && fits(to);
    }
}
