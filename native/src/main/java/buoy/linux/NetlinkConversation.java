package buoy.linux;

import buoy.linux.layout.Acknowledgement;
import buoy.linux.layout.NetlinkMessage;
import buoy.linux.layout.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * Questions to rtnetlink(7) and their answers. Used by one thread; it belongs to the network
 * namespace of the thread that opens it.
 *
 * <p>The kernel works on a request within {@code sendto}, so its answer is there when we read; it
 * is not waited for, and a missing one is a failure.
 */
final class NetlinkConversation implements AutoCloseable {
    private static final int SOCK_RAW = 3;
    private static final int NETLINK_ROUTE = 0;
    private static final int SOL_NETLINK = 270;
    private static final int NETLINK_CAP_ACK = 10;
    private static final int NETLINK_EXT_ACK = 11;
    private static final int NETLINK_GET_STRICT_CHK = 12;

    /** The kernel fills datagrams of a dump up to this. */
    private static final int BUFFER = 32 * 1024;

    /** A dump that changes come into is asked for again, this often. */
    private static final int ATTEMPTS = 5;

    private final Kernel kernel;
    private final Descriptor socket;
    private final byte[] buffer = new byte[BUFFER];
    private final byte[] toKernel = SocketAddress.netlink(0);
    private int sequence;

    private NetlinkConversation(Kernel kernel, Descriptor socket) {
        this.kernel = kernel;
        this.socket = socket;
    }

    static NetlinkConversation open(Kernel kernel) throws SyscallFailed {
        var socket =
                Descriptor.socket(
                        kernel, SocketAddress.AF_NETLINK, SOCK_RAW, NETLINK_ROUTE, "rtnetlink");
        try {
            socket.option(SOL_NETLINK, NETLINK_CAP_ACK, 1);
            socket.option(SOL_NETLINK, NETLINK_EXT_ACK, 1);
            askForFilters(socket);
            socket.bind(SocketAddress.netlink(0));
            return new NetlinkConversation(kernel, socket);
        } catch (SyscallFailed refusal) {
            socket.close();
            throw refusal;
        }
    }

    /** A host may have a million routes, and we want a handful: the kernel sorts them out. */
    private static void askForFilters(Descriptor socket) throws SyscallFailed {
        try {
            socket.option(SOL_NETLINK, NETLINK_GET_STRICT_CHK, 1);
        } catch (SyscallFailed refusal) {
            // Before Linux 4.20 it cannot; whoever reads a list leaves out what is not meant.
            if (!refusal.reason().equals(Errno.ENOPROTOOPT)) {
                throw refusal;
            }
        }
    }

    /**
     * Asks for a change, or for one thing.
     *
     * @param call and {@code subject} are for people
     * @return what the kernel said besides that it is done
     */
    List<NetlinkMessage> request(String call, String subject, IntFunction<byte[]> request)
            throws SyscallFailed {
        var number = send(call, subject, request);
        var said = new ArrayList<NetlinkMessage>();
        while (true) {
            for (var message : receive(call, subject)) {
                if (message.sequence() != number) {
                    continue; // the late answer to a request we gave up on
                }
                var answer = Acknowledgement.decode(message);
                if (answer.isPresent()) {
                    accept(answer.get(), call, subject);
                    return said;
                }
                said.add(message);
            }
        }
    }

    /**
     * As {@link #request}, for what may be so already.
     *
     * @param already what the kernel then says
     * @return false if it was so
     */
    boolean change(String call, String subject, IntFunction<byte[]> request, List<Errno> already)
            throws SyscallFailed {
        try {
            var _ = request(call, subject, request);
            return true;
        } catch (SyscallFailed refusal) {
            if (already.contains(refusal.reason())) {
                return false;
            }
            throw refusal;
        }
    }

    /** Asks for all there is of something. */
    <T> List<T> dump(
            String call,
            IntFunction<byte[]> request,
            int answerType,
            Function<NetlinkMessage, Optional<T>> decode)
            throws SyscallFailed {
        for (var attempt = 0; attempt < ATTEMPTS; attempt++) {
            var found = dumpOnce(call, request, answerType, decode);
            if (found.isPresent()) {
                return found.get();
            }
        }
        throw new SyscallFailed(call, "all", Errno.EAGAIN, "the list changed while it was read");
    }

    private <T> Optional<List<T>> dumpOnce(
            String call,
            IntFunction<byte[]> request,
            int answerType,
            Function<NetlinkMessage, Optional<T>> decode)
            throws SyscallFailed {
        var number = send(call, "all", request);
        var found = new ArrayList<T>();
        var consistent = true;
        while (true) {
            for (var message : receive(call, "all")) {
                if (message.sequence() != number) {
                    continue;
                }
                consistent &= !message.interrupted();
                if (message.type() == answerType) {
                    decode.apply(message).ifPresent(found::add);
                }
                var end = Acknowledgement.decode(message);
                if (end.isPresent()) {
                    accept(end.get(), call, "all");
                    return consistent ? Optional.of(found) : Optional.empty();
                }
            }
        }
    }

    private static void accept(Acknowledgement answer, String call, String subject)
            throws SyscallFailed {
        if (answer.errno() != 0) {
            throw new SyscallFailed(call, subject, new Errno(answer.errno()), answer.detail());
        }
    }

    /** Returns the number by which the answer is known. */
    private int send(String call, String subject, IntFunction<byte[]> request)
            throws SyscallFailed {
        sequence++;
        var bytes = request.apply(sequence);
        while (kernel.posix().sendto(socket.fd(), bytes, bytes.length, 0, toKernel, toKernel.length)
                < 0) {
            var reason = kernel.errno();
            if (!reason.equals(Errno.EINTR)) {
                throw new SyscallFailed(call, subject, reason, "");
            }
        }
        return sequence;
    }

    private List<NetlinkMessage> receive(String call, String subject) throws SyscallFailed {
        while (true) {
            var length = kernel.posix().recvfrom(socket.fd(), buffer, buffer.length, 0, 0, 0);
            if (length >= 0) {
                return NetlinkMessage.parse(buffer, (int) length);
            }
            var reason = kernel.errno();
            if (!reason.equals(Errno.EINTR)) {
                throw new SyscallFailed(call, subject, reason, "no answer over rtnetlink");
            }
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
