package buoy.linux;

import buoy.linux.layout.NetlinkMessage;
import buoy.linux.layout.SocketAddress;
import java.util.List;

/**
 * A socket to one netlink family of the kernel (netlink(7)), which says what is wrong with what it
 * refuses. Used by one thread at a time; it belongs to the network namespace of the thread that
 * opens it.
 *
 * <p>The kernel works on a request within {@code sendto}, so its answer is there when we read; it
 * is not waited for, and a missing one is a failure.
 */
final class NetlinkSocket implements AutoCloseable {
    private static final int SOCK_RAW = 3;
    private static final int SOL_NETLINK = 270;
    private static final int NETLINK_CAP_ACK = 10;
    private static final int NETLINK_EXT_ACK = 11;

    private final Kernel kernel;
    private final Descriptor socket;
    private final String family;
    private final byte[] buffer;
    private final byte[] toKernel = SocketAddress.netlink(0);

    private NetlinkSocket(Kernel kernel, Descriptor socket, String family, int buffer) {
        this.kernel = kernel;
        this.socket = socket;
        this.family = family;
        this.buffer = new byte[buffer];
    }

    /**
     * Opens and binds it.
     *
     * @param protocol as {@code NETLINK_ROUTE}
     * @param family its name for people
     * @param buffer bytes of the longest datagram it answers with
     */
    static NetlinkSocket open(Kernel kernel, int protocol, String family, int buffer)
            throws SyscallFailed {
        var socket =
                Descriptor.socket(kernel, SocketAddress.AF_NETLINK, SOCK_RAW, protocol, family);
        try {
            socket.option(SOL_NETLINK, NETLINK_CAP_ACK, 1);
            socket.option(SOL_NETLINK, NETLINK_EXT_ACK, 1);
            socket.bind(SocketAddress.netlink(0));
            return new NetlinkSocket(kernel, socket, family, buffer);
        } catch (SyscallFailed refusal) {
            socket.close();
            throw refusal;
        }
    }

    /** Turns one of the socket's own options on. */
    void option(int option) throws SyscallFailed {
        socket.option(SOL_NETLINK, option, 1);
    }

    /** The number that tells it from every other netlink socket of this family. */
    int port() throws SyscallFailed {
        return SocketAddress.netlinkPort(socket.name(SocketAddress.NETLINK_SIZE));
    }

    /**
     * Sends one datagram.
     *
     * @param call and {@code subject} are for people
     */
    void send(String call, String subject, byte[] bytes) throws SyscallFailed {
        while (kernel.posix().sendto(socket.fd(), bytes, bytes.length, 0, toKernel, toKernel.length)
                < 0) {
            var reason = kernel.errno();
            if (!reason.equals(Errno.EINTR)) {
                throw new SyscallFailed(call, subject, reason, "");
            }
        }
    }

    /** The messages of the next datagram; {@code call} and {@code subject} are for people. */
    List<NetlinkMessage> receive(String call, String subject) throws SyscallFailed {
        while (true) {
            var length = kernel.posix().recvfrom(socket.fd(), buffer, buffer.length, 0, 0, 0);
            if (length >= 0) {
                return NetlinkMessage.parse(buffer, (int) length);
            }
            var reason = kernel.errno();
            if (!reason.equals(Errno.EINTR)) {
                throw new SyscallFailed(call, subject, reason, "no answer from " + family);
            }
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
