package buoy.linux;

import buoy.linux.layout.Acknowledgement;
import buoy.linux.layout.InterfaceAddress;
import buoy.linux.layout.Lifetime;
import buoy.linux.layout.Link;
import buoy.linux.layout.NetlinkMessage;
import buoy.linux.layout.Route;
import buoy.linux.layout.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * Links, addresses and routes, asked for and changed over rtnetlink(7). Used by one thread; it
 * belongs to the network namespace of the thread that opens it.
 *
 * <p>The kernel works on a request within {@code sendto}, so its answer is there when we read; it
 * is not waited for, and a missing one is a failure.
 */
public final class Netlink implements AutoCloseable {
    private static final int SOCK_RAW = 3;
    private static final int NETLINK_ROUTE = 0;
    private static final int SOL_NETLINK = 270;
    private static final int NETLINK_CAP_ACK = 10;
    private static final int NETLINK_EXT_ACK = 11;

    /** The kernel fills datagrams of a dump up to this. */
    private static final int BUFFER = 32 * 1024;

    /** A dump that changes come into is asked for again, this often. */
    private static final int ATTEMPTS = 5;

    private final Kernel kernel;
    private final Descriptor socket;
    private final byte[] buffer = new byte[BUFFER];
    private final byte[] toKernel = SocketAddress.netlink(0);
    private int sequence;

    private Netlink(Kernel kernel, Descriptor socket) {
        this.kernel = kernel;
        this.socket = socket;
    }

    /** Opens the socket. */
    public static Netlink open(Kernel kernel) throws SyscallFailed {
        var socket =
                Descriptor.socket(
                        kernel, SocketAddress.AF_NETLINK, SOCK_RAW, NETLINK_ROUTE, "rtnetlink");
        try {
            socket.option(SOL_NETLINK, NETLINK_CAP_ACK, 1);
            socket.option(SOL_NETLINK, NETLINK_EXT_ACK, 1);
            socket.bind(SocketAddress.netlink(0));
            return new Netlink(kernel, socket);
        } catch (SyscallFailed refusal) {
            socket.close();
            throw refusal;
        }
    }

    /** Every link there is. */
    public List<Link> links() throws SyscallFailed {
        return dump("RTM_GETLINK", Link::list, NetlinkMessage.RTM_NEWLINK, Link::decode);
    }

    /** The link of this name, if there is one. */
    public Optional<Link> link(String name) throws SyscallFailed {
        return links().stream().filter(link -> link.name().equals(name)).findFirst();
    }

    /**
     * Every IP address of every interface, in the kernel's order: the first of a subnet before
     * others.
     */
    public List<InterfaceAddress> addresses() throws SyscallFailed {
        return dump(
                "RTM_GETADDR",
                InterfaceAddress::list,
                NetlinkMessage.RTM_NEWADDR,
                InterfaceAddress::decode);
    }

    /** Every IP address of one interface, in the kernel's order. */
    public List<InterfaceAddress> addresses(int interfaceIndex) throws SyscallFailed {
        return addresses().stream()
                .filter(address -> address.interfaceIndex() == interfaceIndex)
                .toList();
    }

    /**
     * Adds the address with this lifetime, or renews its lifetime if it is there. Renewing is no
     * removal and addition, and with the same flags as before changes nothing else.
     */
    public void put(InterfaceAddress address, Lifetime lifetime) throws SyscallFailed {
        change("RTM_NEWADDR", describe(address), number -> address.put(lifetime, number));
    }

    /**
     * Removes the address.
     *
     * @return false if it was not there
     */
    public boolean remove(InterfaceAddress address) throws SyscallFailed {
        try {
            change("RTM_DELADDR", describe(address), address::remove);
            return true;
        } catch (SyscallFailed refusal) {
            // The address is gone, or the whole link is: both are what was wanted.
            if (refusal.reason().equals(Errno.EADDRNOTAVAIL)
                    || refusal.reason().equals(Errno.ENODEV)) {
                return false;
            }
            throw refusal;
        }
    }

    /** Adds the route, or replaces the one to the same destination. */
    public void put(Route route) throws SyscallFailed {
        change("RTM_NEWROUTE", describe(route), route::put);
    }

    /**
     * Removes the route.
     *
     * @return false if it was not there
     */
    public boolean remove(Route route) throws SyscallFailed {
        try {
            change("RTM_DELROUTE", describe(route), route::remove);
            return true;
        } catch (SyscallFailed refusal) {
            if (refusal.reason().equals(Errno.ESRCH) || refusal.reason().equals(Errno.ENODEV)) {
                return false;
            }
            throw refusal;
        }
    }

    private void change(String call, String subject, IntFunction<byte[]> request)
            throws SyscallFailed {
        var number = send(call, subject, request);
        while (true) {
            for (var message : receive(call, subject)) {
                if (message.sequence() != number) {
                    continue; // the late answer to a request we gave up on
                }
                var answer = Acknowledgement.decode(message);
                if (answer.isPresent()) {
                    accept(answer.get(), call, subject);
                    return;
                }
            }
        }
    }

    private <T> List<T> dump(
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

    private static String describe(InterfaceAddress address) {
        return "%s/%d on interface %d"
                .formatted(
                        address.address().getHostAddress(),
                        address.prefixLength(),
                        address.interfaceIndex());
    }

    private static String describe(Route route) {
        return "%s/%d%s"
                .formatted(
                        route.to().getHostAddress(),
                        route.prefixLength(),
                        route.via().map(next -> " via " + next.getHostAddress()).orElse(""));
    }

    @Override
    public void close() {
        socket.close();
    }
}
