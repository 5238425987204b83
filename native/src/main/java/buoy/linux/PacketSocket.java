package buoy.linux;

import buoy.linux.layout.SocketAddress;

/**
 * Sends ready Ethernet frames on any interface: gratuitous ARP and unsolicited neighbour
 * advertisements. Receives nothing, never blocks; used by one thread. It belongs to the network
 * namespace of the thread that opens it.
 */
public final class PacketSocket implements AutoCloseable {
    private static final int SOCK_RAW = 3;
    private static final int MSG_DONTWAIT = 0x40;

    private final Kernel kernel;
    private final Descriptor socket;

    private PacketSocket(Kernel kernel, Descriptor socket) {
        this.kernel = kernel;
        this.socket = socket;
    }

    /** Opens the socket, with protocol 0: no frame that arrives is passed to it. */
    public static PacketSocket open(Kernel kernel) throws SyscallFailed {
        var socket = Descriptor.socket(kernel, SocketAddress.AF_PACKET, SOCK_RAW, 0, "AF_PACKET");
        return new PacketSocket(kernel, socket);
    }

    /**
     * Hands one frame to the interface.
     *
     * @param frame from the destination MAC on, with its EtherType in bytes 12 and 13
     */
    public void send(int interfaceIndex, byte[] frame) throws SyscallFailed {
        if (frame.length < 14) {
            throw new IllegalArgumentException("no Ethernet frame: " + frame.length + " bytes");
        }
        var ethertype = (frame[12] & 0xff) << 8 | (frame[13] & 0xff);
        var address = SocketAddress.linkLayer(interfaceIndex, ethertype);
        while (kernel.posix()
                        .sendto(
                                socket.fd(),
                                frame,
                                frame.length,
                                MSG_DONTWAIT,
                                address,
                                address.length)
                < 0) {
            var reason = kernel.errno();
            if (!reason.equals(Errno.EINTR)) {
                var subject =
                        "frame of type %04x on interface %d".formatted(ethertype, interfaceIndex);
                throw new SyscallFailed("sendto", subject, reason, "");
            }
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
