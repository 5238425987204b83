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
    boolean fits(SocketAddress to) {
        return to instanceof InetSocketAddress inet
                && inet.getAddress().getAddress().length == address.getAddress().length;
    }
}
