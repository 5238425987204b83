package buoy.linux;

import buoy.linux.layout.Acknowledgement;
import buoy.linux.layout.NetlinkMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * Questions to rtnetlink(7) and their answers. Used by one thread; it belongs to the network
 * namespace of the thread that opens it.
 */
final class NetlinkConversation implements AutoCloseable {
    private static final int NETLINK_ROUTE = 0;
    private static final int NETLINK_GET_STRICT_CHK = 12;

    /** The kernel fills datagrams of a dump up to this. */
    private static final int BUFFER = 32 * 1024;

    /** A dump that changes come into is asked for again, this often. */
    private static final int ATTEMPTS = 5;

    private final NetlinkSocket socket;
    private int sequence;

    private NetlinkConversation(NetlinkSocket socket) {
        this.socket = socket;
    }

    static NetlinkConversation open(Kernel kernel) throws SyscallFailed {
        var socket = NetlinkSocket.open(kernel, NETLINK_ROUTE, "rtnetlink", BUFFER);
        try {
            askForFilters(socket);
            return new NetlinkConversation(socket);
        } catch (SyscallFailed refusal) {
            socket.close();
            throw refusal;
        }
    }

    /** A host may have a million routes, and we want a handful: the kernel sorts them out. */
    private static void askForFilters(NetlinkSocket socket) throws SyscallFailed {
        try {
            socket.option(NETLINK_GET_STRICT_CHK);
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
            for (var message : socket.receive(call, subject)) {
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
            for (var message : socket.receive(call, "all")) {
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
        socket.send(call, subject, request.apply(sequence));
        return sequence;
    }

    @Override
    public void close() {
        socket.close();
    }
}
