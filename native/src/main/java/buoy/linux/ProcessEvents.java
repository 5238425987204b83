package buoy.linux;

import buoy.linux.layout.NetlinkMessage;
import buoy.linux.layout.ProcessEvent;
import buoy.linux.layout.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What happens to the processes of this machine: the kernel's process connector. It is there for a
 * process with CAP_NET_ADMIN in the first process and network namespaces, and tells nothing
 * elsewhere; {@link ProcessEvent.Subscribed} says that it does. Never blocks; used by one thread.
 */
public final class ProcessEvents implements AutoCloseable {
    private static final int SOCK_DGRAM = 2;
    private static final int NETLINK_CONNECTOR = 11;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int RECEIVE_BUFFER = 1 << 20;

    private final Kernel kernel;
    private final Descriptor socket;
    private final byte[] buffer = new byte[4096];

    private ProcessEvents(Kernel kernel, Descriptor socket) {
        this.kernel = kernel;
        this.socket = socket;
    }

    /** Opens the socket and asks to hear; whether that is granted, an event says. */
    public static ProcessEvents open(Kernel kernel) throws SyscallFailed {
        var socket =
                Descriptor.socket(
                        kernel,
                        SocketAddress.AF_NETLINK,
                        SOCK_DGRAM,
                        NETLINK_CONNECTOR,
                        "process events");
        try {
            socket.option(SOL_SOCKET, SO_RCVBUFFORCE, RECEIVE_BUFFER);
            socket.bind(SocketAddress.netlink(ProcessEvent.CN_IDX_PROC));
            var request = ProcessEvent.subscribe();
            var toKernel = SocketAddress.netlink(0);
            var _ =
                    kernel.checked(
                            kernel.posix()
                                    .sendto(
                                            socket.fd(),
                                            request,
                                            request.length,
                                            0,
                                            toKernel,
                                            toKernel.length),
                            "sendto",
                            socket.subject());
            return new ProcessEvents(kernel, socket);
        } catch (SyscallFailed refusal) {
            socket.close();
            throw refusal;
        }
    }

    /** To poll for something to read. */
    public int fd() {
        return socket.fd();
    }

    /** The events of up to {@code most} datagrams waiting, oldest first. */
    public List<ProcessEvent> next(int most) throws SyscallFailed {
        var events = new ArrayList<ProcessEvent>();
        for (var i = 0; i < most; i++) {
            var length = kernel.posix().recvfrom(socket.fd(), buffer, buffer.length, 0, 0, 0);
            if (length < 0) {
                var reason = kernel.errno();
                if (reason.equals(Errno.ENOBUFS)) {
                    events.add(new ProcessEvent.Overrun());
                } else if (!reason.equals(Errno.EAGAIN) && !reason.equals(Errno.EINTR)) {
                    throw new SyscallFailed("recvfrom", socket.subject(), reason, "");
                }
                break;
            }
            NetlinkMessage.parse(buffer, (int) length).stream()
                    .map(ProcessEvent::decode)
                    .flatMap(Optional::stream)
                    .forEach(events::add);
        }
        return List.copyOf(events);
    }

    @Override
    public void close() {
        socket.close();
    }
}
