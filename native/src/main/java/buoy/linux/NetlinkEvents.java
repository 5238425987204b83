package buoy.linux;

import buoy.linux.layout.NetlinkMessage;
import buoy.linux.layout.NetworkEvent;
import buoy.linux.layout.SocketAddress;
import java.util.List;
import java.util.Optional;

/**
 * What happens to links and addresses of this network namespace, by whomever. Never blocks; used by
 * one thread. To miss nothing, open this first and list afterwards.
 */
public final class NetlinkEvents implements AutoCloseable {
    private static final int SOCK_RAW = 3;
    private static final int NETLINK_ROUTE = 0;
    private static final int BUFFER = 32 * 1024;
    private static final int RECEIVE_BUFFER = 1 << 20;

    /** How many datagrams about other things one {@link #next} passes over at most. */
    private static final int MOST_PASSED_OVER = 16;

    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVBUFFORCE = 33;

    private final Kernel kernel;
    private final Descriptor socket;
    private final byte[] buffer = new byte[BUFFER];

    private NetlinkEvents(Kernel kernel, Descriptor socket) {
        this.kernel = kernel;
        this.socket = socket;
    }

    /** Opens the socket and subscribes. */
    public static NetlinkEvents open(Kernel kernel) throws SyscallFailed {
        var socket =
                Descriptor.socket(
                        kernel,
                        SocketAddress.AF_NETLINK,
                        SOCK_RAW,
                        NETLINK_ROUTE,
                        "rtnetlink events");
        try {
            socket.option(SOL_SOCKET, SO_RCVBUFFORCE, RECEIVE_BUFFER);
            socket.bind(SocketAddress.netlink(NetlinkMessage.LINKS_AND_ADDRESSES));
            return new NetlinkEvents(kernel, socket);
        } catch (SyscallFailed refusal) {
            socket.close();
            throw refusal;
        }
    }

    /** To poll for something to read. */
    public int fd() {
        return socket.fd();
    }

    /**
     * The events of the next datagram waiting, oldest first. Empty if none is there now; more may
     * be there all the same, and then a poll says so.
     */
    public List<NetworkEvent> next() throws SyscallFailed {
        for (var passedOver = 0; passedOver < MOST_PASSED_OVER; passedOver++) {
            var length = kernel.posix().recvfrom(socket.fd(), buffer, buffer.length, 0, 0, 0);
            if (length < 0) {
                return nothing(kernel.errno());
            }
            var events =
                    NetlinkMessage.parse(buffer, (int) length).stream()
                            .map(NetworkEvent::decode)
                            .flatMap(Optional::stream)
                            .toList();
            if (!events.isEmpty()) {
                return events;
            }
        }
        return List.of();
    }

    private List<NetworkEvent> nothing(Errno reason) throws SyscallFailed {
        if (reason.equals(Errno.EAGAIN) || reason.equals(Errno.EINTR)) {
            return List.of();
        }
        if (reason.equals(Errno.ENOBUFS)) {
            return List.of(new NetworkEvent.Overrun());
        }
        throw new SyscallFailed("recvfrom", socket.subject(), reason, "");
    }

    @Override
    public void close() {
        socket.close();
    }
}
