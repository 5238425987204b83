package buoy.linux;

import buoy.linux.layout.ControlMessages;
import buoy.linux.layout.Membership;
import buoy.linux.layout.MessageBlock;
import buoy.linux.layout.Packet;
import buoy.linux.layout.SocketAddress;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Optional;

/**
 * A raw socket for IP protocol 112 on one interface, in one address family. Never blocks; used by
 * one thread. It belongs to the network namespace of the thread that opens it.
 *
 * <p>The kernel writes the IP header (no {@code IP_HDRINCL}): TTL or hop limit, traffic class 0xc0
 * and the source address are told to it, and it keeps checksums, identification and fragmentation
 * right for us. The VRRP checksum it leaves alone in both families, so that one wrong in what
 * arrives is counted by who decodes it, and not dropped unseen.
 *
 * <p>Bound to the interface, so nothing of another one arrives; bound to the group, or for unicast
 * to our own address, so the kernel passes up only what was sent there. Copies of our own messages,
 * looped by us or by a switch, are skipped.
 */
public final class VrrpSocket implements AutoCloseable {
    private static final int PROTOCOL = 112;
    private static final int SOCK_RAW = 3;

    /**
     * The largest VRRP message (255 IPv6 addresses), an IPv4 header with all options, and a bit.
     */
    private static final int LARGEST = 4096 + 64;

    /** Some thousand small packets: bursts of garbage must not push out advertisements. */
    private static final int RECEIVE_BUFFER = 1 << 20;

    private static final int TRAFFIC_CLASS = 0xc0;
    private static final int TC_PRIO_CONTROL = 7;

    /** How many copies of our own messages one {@link #receive} skips at most. */
    private static final int MOST_SKIPPED = 16;

    private static final int MSG_DONTWAIT = 0x40;

    private final Kernel kernel;
    private final Descriptor socket;
    private final InetAddress source;
    private final int interfaceIndex;
    private final byte[] sourceControl;

    // One native block for both directions, and its copy on our side; only one thread uses them.
    private final long block;
    private final byte[] receiveFront;
    private final byte[] received = new byte[MessageBlock.DATA + LARGEST];
    private boolean closed;

    private VrrpSocket(Kernel kernel, Descriptor socket, InetAddress source, int interfaceIndex) {
        this.kernel = kernel;
        this.socket = socket;
        this.source = source;
        this.interfaceIndex = interfaceIndex;
        this.sourceControl = ControlMessages.sendFrom(source, interfaceIndex);
        this.block = kernel.posix().malloc(MessageBlock.DATA + LARGEST);
        if (block == 0) {
            throw new OutOfMemoryError("malloc");
        }
        this.receiveFront =
                MessageBlock.front(
                        block,
                        MessageBlock.ADDRESS_CAPACITY,
                        MessageBlock.CONTROL_CAPACITY,
                        LARGEST);
    }

    /**
     * Opens the socket.
     *
     * @param interfaceIndex the interface to send on and to hear
     * @param interfaceName its name, for messages
     * @param source our own address, which decides the family
     * @param group the group to send to and to join; empty for unicast
     * @param ttl TTL or hop limit of what is sent
     */
    public static VrrpSocket open(
            Kernel kernel,
            int interfaceIndex,
            String interfaceName,
            InetAddress source,
            Optional<InetAddress> group,
            int ttl)
            throws SyscallFailed {
        var ipv4 = source instanceof Inet4Address;
        var subject =
                "VRRP %s from %s on %s"
                        .formatted(
                                group.isPresent() ? "multicast" : "unicast",
                                source.getHostAddress(),
                                interfaceName);
        var socket =
                Descriptor.socket(
                        kernel, SocketAddress.family(source), SOCK_RAW, PROTOCOL, subject);
        try {
            setCommonOptions(socket, interfaceIndex);
            if (ipv4) {
                setIpv4Options(socket, ttl, interfaceIndex);
            } else {
                setIpv6Options(socket, ttl, interfaceIndex);
            }
            socket.bind(SocketAddress.inet(group.orElse(source), interfaceIndex));
            if (group.isPresent()) {
                join(socket, group.get(), interfaceIndex);
            }
            return new VrrpSocket(kernel, socket, source, interfaceIndex);
        } catch (SyscallFailed refusal) {
            socket.close();
            throw refusal;
        }
    }

    /**
     * Opens a socket that sends alone, on a link that carries a virtual router's MAC address: the
     * kernel makes that the source of the frames. The link has no address to speak from, so the
     * source is one of the link below it.
     *
     * @param interfaceIndex the interface to send on
     * @param interfaceName its name, for messages
     * @param source our own address, of another interface of this host
     * @param ttl TTL or hop limit of what is sent
     */
    public static VrrpSocket openSender(
            Kernel kernel, int interfaceIndex, String interfaceName, InetAddress source, int ttl)
            throws SyscallFailed {
        var ipv4 = source instanceof Inet4Address;
        var subject = "VRRP from %s through %s".formatted(source.getHostAddress(), interfaceName);
        var socket =
                Descriptor.socket(
                        kernel, SocketAddress.family(source), SOCK_RAW, PROTOCOL, subject);
        try {
            setCommonOptions(socket, interfaceIndex);
            var ipv6FreeBind = 78;
            if (ipv4) {
                setIpv4Options(socket, ttl, interfaceIndex);
            } else {
                setIpv6Options(socket, ttl, interfaceIndex);
                // Or a link-local source must be an address of this very link.
                socket.option(ControlMessages.LEVEL_IPV6, ipv6FreeBind, 1);
            }
            // Nobody reads what is sent to this address through this link: next to no room for it.
            var soReceiveBuffer = 8;
            socket.option(ControlMessages.LEVEL_SOCKET, soReceiveBuffer, 0);
            socket.bind(SocketAddress.inet(source, interfaceIndex));
            return new VrrpSocket(kernel, socket, source, interfaceIndex);
        } catch (SyscallFailed refusal) {
            socket.close();
            throw refusal;
        }
    }

    private static void setCommonOptions(Descriptor socket, int interfaceIndex)
            throws SyscallFailed {
        var soPriority = 12;
        var soReceiveBufferForce = 33;
        var soBindToInterfaceIndex = 62;
        socket.option(ControlMessages.LEVEL_SOCKET, soBindToInterfaceIndex, interfaceIndex);
        socket.option(ControlMessages.LEVEL_SOCKET, soReceiveBufferForce, RECEIVE_BUFFER);
        socket.option(ControlMessages.LEVEL_SOCKET, soPriority, TC_PRIO_CONTROL);
    }

    private static void setIpv4Options(Descriptor socket, int ttl, int interfaceIndex)
            throws SyscallFailed {
        var level = ControlMessages.LEVEL_IP;
        var tos = 1;
        var timeToLive = 2;
        var multicastInterface = 32;
        var multicastTtl = 33;
        var multicastLoop = 34;
        socket.option(level, tos, TRAFFIC_CLASS);
        socket.option(level, timeToLive, ttl);
        socket.option(level, multicastTtl, ttl);
        socket.option(level, multicastLoop, 0);
        socket.option(level, multicastInterface, Membership.onInterface(interfaceIndex));
        socket.option(level, ControlMessages.IP_PKTINFO, 1);
    }

    private static void setIpv6Options(Descriptor socket, int hopLimit, int interfaceIndex)
            throws SyscallFailed {
        var level = ControlMessages.LEVEL_IPV6;
        var unicastHops = 16;
        var multicastInterface = 17;
        var multicastHops = 18;
        var multicastLoop = 19;
        var multicastAll = 29;
        var receivePacketInfo = 49;
        var receiveHopLimit = 51;
        var trafficClass = 67;
        socket.option(level, trafficClass, TRAFFIC_CLASS);
        socket.option(level, unicastHops, hopLimit);
        socket.option(level, multicastHops, hopLimit);
        socket.option(level, multicastLoop, 0);
        socket.option(level, multicastInterface, interfaceIndex);
        // Or a socket bound to an address hears every group that any socket of the host has joined.
        socket.option(level, multicastAll, 0);
        socket.option(level, receivePacketInfo, 1);
        socket.option(level, receiveHopLimit, 1);
    }

    private static void join(Descriptor socket, InetAddress group, int interfaceIndex)
            throws SyscallFailed {
        var ipAddMembership = 35;
        var ipv6AddMembership = 20;
        var membership = Membership.of(group, interfaceIndex);
        if (group instanceof Inet4Address) {
            socket.option(ControlMessages.LEVEL_IP, ipAddMembership, membership);
        } else {
            socket.option(ControlMessages.LEVEL_IPV6, ipv6AddMembership, membership);
        }
    }

    /** To poll for something to read. */
    public int fd() {
        return socket.fd();
    }

    /**
     * Hands one message to the interface.
     *
     * @param message with its checksum in place
     * @throws SyscallFailed if it was not taken, a full queue included ({@code EAGAIN}, {@code
     *     ENOBUFS})
     */
    public void send(byte[] message, InetAddress destination) throws SyscallFailed {
        if (message.length > LARGEST) {
            throw new IllegalArgumentException(message.length + " bytes");
        }
        var address = SocketAddress.inet(destination, interfaceIndex);
        var whole = new byte[MessageBlock.DATA + message.length];
        var front = MessageBlock.front(block, address.length, sourceControl.length, message.length);
        System.arraycopy(front, 0, whole, 0, front.length);
        System.arraycopy(address, 0, whole, MessageBlock.ADDRESS, address.length);
        System.arraycopy(sourceControl, 0, whole, MessageBlock.CONTROL, sourceControl.length);
        System.arraycopy(message, 0, whole, MessageBlock.DATA, message.length);
        kernel.posix().memcpy(block, whole, whole.length);
        while (kernel.posix().sendmsg(fd(), block, MSG_DONTWAIT) < 0) {
            var reason = kernel.errno();
            if (!reason.equals(Errno.EINTR)) {
                throw new SyscallFailed(
                        "sendmsg",
                        socket.subject() + " to " + destination.getHostAddress(),
                        reason,
                        "");
            }
        }
    }

    /** The next packet waiting, or empty if there is none now. */
    public Optional<Packet> receive() throws SyscallFailed {
        for (var skipped = 0; skipped < MOST_SKIPPED; skipped++) {
            var length = receiveInto();
            if (length < 0) {
                return Optional.empty();
            }
            kernel.posix().memcpy(received, block, MessageBlock.DATA + length);
            var packet = decode((int) length);
            if (packet.isPresent() && !packet.get().source().equals(source)) {
                return packet;
            }
        }
        return Optional.empty(); // more may be there: poll says so
    }

    /** The length of what was received, or -1 if nothing waits. */
    private long receiveInto() throws SyscallFailed {
        while (true) {
            kernel.posix().memcpy(block, receiveFront, receiveFront.length);
            var length = kernel.posix().recvmsg(fd(), block, MSG_DONTWAIT);
            if (length >= 0) {
                return length;
            }
            var reason = kernel.errno();
            if (reason.equals(Errno.EAGAIN)) {
                return -1;
            }
            if (!reason.equals(Errno.EINTR)) {
                throw new SyscallFailed("recvmsg", socket.subject(), reason, "");
            }
        }
    }

    private Optional<Packet> decode(int length) {
        var control = MessageBlock.control(received);
        var data = MessageBlock.data(received, length);
        return source instanceof Inet4Address
                ? Packet.ipv4(control, data)
                : Packet.ipv6(MessageBlock.address(received), control, data);
    }

    /** Leaves the group and frees the memory; later calls are a bug of ours. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            socket.close();
            kernel.posix().free(block);
        }
    }
}
