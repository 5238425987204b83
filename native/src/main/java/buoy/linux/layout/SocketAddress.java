package buoy.linux.layout;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.Optional;

/** {@code struct sockaddr_*}: the family in the machine's order, then what the family says. */
public final class SocketAddress {
    /** Address families of {@code socket(2)}. */
    public static final int AF_INET = 2;

    public static final int AF_INET6 = 10;
    public static final int AF_NETLINK = 16;
    public static final int AF_PACKET = 17;

    /** Room enough for any address we read: a {@code sockaddr_in6}. */
    public static final int LARGEST_INET = 28;

    /** A {@code sockaddr_nl}. */
    public static final int NETLINK_SIZE = 12;

    private SocketAddress() {}

    /** The family of an IP address. */
    public static int family(InetAddress address) {
        return address instanceof Inet4Address ? AF_INET : AF_INET6;
    }

    /**
     * {@code sockaddr_in} or {@code sockaddr_in6}, with port 0: raw sockets have none.
     *
     * @param interfaceIndex the scope of a link-local or multicast IPv6 address; ignored for IPv4
     */
    public static byte[] inet(InetAddress address, int interfaceIndex) {
        return switch (address) {
            case Inet4Address v4 ->
                    NativeOrder.allocate(16)
                            .putShort((short) AF_INET)
                            .putShort((short) 0)
                            .put(v4.getAddress())
                            .array();
            case Inet6Address v6 ->
                    NativeOrder.allocate(LARGEST_INET)
                            .putShort((short) AF_INET6)
                            .putShort((short) 0)
                            .putInt(0) // flow
                            .put(v6.getAddress())
                            .putInt(
                                    v6.isLinkLocalAddress() || v6.isMulticastAddress()
                                            ? interfaceIndex
                                            : 0)
                            .array();
            default -> throw new IllegalArgumentException("neither IPv4 nor IPv6: " + address);
        };
    }

    /**
     * The IP address in a {@code sockaddr_in} or {@code sockaddr_in6}; empty for another family.
     */
    public static Optional<InetAddress> readInet(byte[] sockaddr) {
        if (sockaddr.length < 2) {
            return Optional.empty();
        }
        return switch (NativeOrder.wrap(sockaddr).getShort(0)) {
            case AF_INET ->
                    sockaddr.length < 8
                            ? Optional.empty()
                            : IpBytes.address(Arrays.copyOfRange(sockaddr, 4, 8));
            case AF_INET6 ->
                    sockaddr.length < 24
                            ? Optional.empty()
                            : IpBytes.address(Arrays.copyOfRange(sockaddr, 8, 24));
            default -> Optional.empty();
        };
    }

    /**
     * {@code sockaddr_ll} to bind to an interface or to send a ready frame on it.
     *
     * @param ethertype what to receive; 0 for nothing
     */
    public static byte[] linkLayer(int interfaceIndex, int ethertype) {
        return NativeOrder.allocate(20)
                .putShort((short) AF_PACKET)
                .put((byte) (ethertype >>> 8)) // network order
                .put((byte) ethertype)
                .putInt(interfaceIndex)
                .array();
    }

    /**
     * {@code sockaddr_nl}: the kernel (as the peer), or ourselves with the groups to hear.
     *
     * @param groups bits of {@code RTMGRP_*}
     */
    public static byte[] netlink(int groups) {
        return NativeOrder.allocate(NETLINK_SIZE)
                .putShort((short) AF_NETLINK)
                .putShort((short) 0)
                .putInt(0) // the kernel chooses our port; as a peer it has port 0
                .putInt(groups)
                .array();
    }

    /** The port in a {@code sockaddr_nl}: no other netlink socket of its kind here has it. */
    public static int netlinkPort(byte[] sockaddr) {
        return NativeOrder.wrap(sockaddr).getInt(4);
    }
}
