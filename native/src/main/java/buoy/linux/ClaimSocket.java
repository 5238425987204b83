package buoy.linux;

import buoy.linux.layout.AddressClaim;
import buoy.linux.layout.ClaimFilter;
import buoy.linux.layout.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * Hears on one interface which hosts say that they have an address, for a few addresses: the kernel
 * passes nothing else up, so it costs nothing while nobody does. What this host sends is not heard.
 * Never blocks; used by one thread. It belongs to the network namespace of the thread that opens
 * it.
 */
public final class ClaimSocket implements AutoCloseable {
    /** EtherTypes to listen to. */
    public static final int ARP = 0x0806;

    public static final int IPV6 = 0x86dd;

    private static final int SOCK_RAW = 3;
    private static final int SOL_SOCKET = 1;
    private static final int SO_ATTACH_FILTER = 26;
    private static final int MSG_DONTWAIT = 0x40;

    private final Kernel kernel;
    private final Descriptor socket;
    private final byte[] frame = new byte[ClaimFilter.LENGTH];

    private ClaimSocket(Kernel kernel, Descriptor socket) {
        this.kernel = kernel;
        this.socket = socket;
    }

    /**
     * Opens the socket.
     *
     * @param filter a program of {@link ClaimFilter} for that EtherType
     */
    public static ClaimSocket open(Kernel kernel, int interfaceIndex, int ethertype, byte[] filter)
            throws SyscallFailed {
        var subject = "AF_PACKET for claims on interface " + interfaceIndex;
        // With protocol 0 nothing is passed to it before it has its filter and is bound.
        var socket = Descriptor.socket(kernel, SocketAddress.AF_PACKET, SOCK_RAW, 0, subject);
        var claims = new ClaimSocket(kernel, socket);
        try {
            claims.replaceFilter(filter);
            socket.bind(SocketAddress.linkLayer(interfaceIndex, ethertype));
            return claims;
        } catch (SyscallFailed refusal) {
            socket.close();
            throw refusal;
        }
    }

    /** Listens for other addresses from now on; what waits to be read was let in before. */
    public void replaceFilter(byte[] filter) throws SyscallFailed {
        var memory = kernel.posix().malloc(filter.length);
        if (memory == 0) {
            throw new OutOfMemoryError("malloc");
        }
        try {
            kernel.posix().memcpy(memory, filter, filter.length);
            // struct sock_fprog: the number of instructions, and where they are.
            var program =
                    ByteBuffer.allocate(16)
                            .order(ByteOrder.nativeOrder())
                            .putShort((short) (filter.length / ClaimFilter.INSTRUCTION))
                            .putShort((short) 0)
                            .putInt(0)
                            .putLong(memory)
                            .array();
            socket.option(SOL_SOCKET, SO_ATTACH_FILTER, program);
        } finally {
            kernel.posix().free(memory);
        }
    }

    /** To poll for something to read. */
    public int fd() {
        return socket.fd();
    }

    /** The next claim waiting, or empty if there is none now. */
    public Optional<AddressClaim> receive() throws SyscallFailed {
        while (true) {
            var length =
                    kernel.posix().recvfrom(socket.fd(), frame, frame.length, MSG_DONTWAIT, 0, 0);
            if (length >= 0) {
                return AddressClaim.read(frame, (int) length);
            }
            var reason = kernel.errno();
            if (reason.equals(Errno.EAGAIN) || reason.equals(Errno.ENETDOWN)) {
                return Optional.empty();
            }
            if (!reason.equals(Errno.EINTR)) {
                throw new SyscallFailed("recvfrom", socket.subject(), reason, "");
            }
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
