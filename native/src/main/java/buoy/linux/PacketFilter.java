package buoy.linux;

import buoy.linux.layout.Acknowledgement;
import buoy.linux.layout.DropTable;
import buoy.linux.layout.NetlinkMessage;
import java.net.InetAddress;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Packets to some addresses of this host, dropped by the kernel's nf_tables. The kernel keeps them
 * dropped until this is closed or the process ends, whichever is first. Used by one thread at a
 * time; it belongs to the network namespace of the thread that opens it.
 */
public final class PacketFilter implements AutoCloseable {
    private static final int NETLINK_NETFILTER = 12;
    private static final int BUFFER = 8 * 1024;

    /** More addresses than this are only counted in messages. */
    private static final int MOST_NAMED = 8;

    private final NetlinkSocket socket;
    private final DropTable table;
    private int sequence = 1;

    private PacketFilter(NetlinkSocket socket, DropTable table) {
        this.socket = socket;
        this.table = table;
    }

    /**
     * Makes a table of its own, which drops nothing yet.
     *
     * @param purpose is part of the table's name
     * @throws SyscallFailed where the kernel has no nf_tables, or this process no CAP_NET_ADMIN
     */
    public static PacketFilter open(Kernel kernel, DropTable.Kind kind, String purpose)
            throws SyscallFailed {
        var socket = NetlinkSocket.open(kernel, NETLINK_NETFILTER, "nf_tables", BUFFER);
        try {
            // The port is this socket's alone, so the name is too.
            var name = "buoy-%s-%s".formatted(purpose, Integer.toUnsignedString(socket.port()));
            var filter = new PacketFilter(socket, new DropTable(name, kind));
            filter.change("NFT_MSG_NEWTABLE", "table " + name, filter.table::create);
            return filter;
        } catch (SyscallFailed refusal) {
            socket.close();
            throw refusal;
        }
    }

    /** Drops packets to these addresses, and to no others. All of it happens at once. */
    public void drop(Collection<InetAddress> addresses) throws SyscallFailed {
        // Twice the same in one batch is refused.
        var distinct = Set.copyOf(addresses);
        change(
                "NFT_MSG_NEWSETELEM",
                table.name() + ": " + describe(distinct),
                number -> table.set(distinct, number));
    }

    private static String describe(Set<InetAddress> addresses) {
        return addresses.size() > MOST_NAMED
                ? addresses.size() + " addresses"
                : addresses.stream()
                        .map(InetAddress::getHostAddress)
                        .sorted()
                        .collect(Collectors.joining(" "));
    }

    @FunctionalInterface
    private interface Request {
        byte[] numbered(int sequence);
    }

    /** The kernel works on a batch within {@code sendto}, so its answers are there when we read. */
    private void change(String call, String subject, Request request) throws SyscallFailed {
        var first = sequence;
        var bytes = request.numbered(first);
        var end = NetlinkMessage.parse(bytes, bytes.length).getLast().sequence();
        sequence = end + 1;
        socket.send(call, subject, bytes);
        while (true) {
            for (var message : socket.receive(call, subject)) {
                var answer = Acknowledgement.decode(message);
                // What is older is left from a batch that was refused.
                if (answer.isEmpty() || message.sequence() - first < 0) {
                    continue;
                }
                if (answer.get().errno() != 0) {
                    throw new SyscallFailed(
                            call, subject, new Errno(answer.get().errno()), answer.get().detail());
                }
                if (message.sequence() == end - 1) {
                    return;
                }
            }
        }
    }

    /** Nothing is dropped any more: the kernel removes the table with the socket that owns it. */
    @Override
    public void close() {
        socket.close();
    }
}
