package buoy.linux.layout;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Optional;

/**
 * An address on an interface ({@code struct ifaddrmsg}, rtnetlink(7)).
 *
 * <pre>
 *  0        1        2        3        4           8
 *  +--------+--------+--------+--------+-----------+---------------------------------------------
 *  | family | prefix | flags  | scope  | interface | IFA_ADDRESS, IFA_LOCAL, IFA_FLAGS, lifetimes ...
 *  +--------+--------+--------+--------+-----------+---------------------------------------------
 * </pre>
 *
 * @param prefixLength of the on-link prefix
 * @param flags {@code IFA_F_*}
 * @param metric of the route to the on-link prefix that comes with it; 0 for the kernel's default
 */
public record InterfaceAddress(
        int interfaceIndex, InetAddress address, int prefixLength, int flags, int metric) {
    /** An IPv4 address that goes when the first one of its subnet goes. */
    public static final int SECONDARY = 0x01;

    /** No duplicate address detection: usable at once. */
    public static final int NODAD = 0x02;

    /** Duplicate address detection found another host with it. */
    public static final int DADFAILED = 0x08;

    /** Not chosen as the source of new connections. */
    public static final int DEPRECATED = 0x20;

    /** Duplicate address detection is still running. */
    public static final int TENTATIVE = 0x40;

    /** Without lifetime. */
    public static final int PERMANENT = 0x80;

    private static final int FIXED = 8;
    private static final int IFA_ADDRESS = 1;
    private static final int IFA_LOCAL = 2;
    private static final int IFA_CACHEINFO = 6;
    private static final int IFA_FLAGS = 8;
    private static final int IFA_RT_PRIORITY = 9;

    public InterfaceAddress {
        var longest = address instanceof Inet6Address ? 128 : 32;
        if (prefixLength < 0 || prefixLength > longest) {
            throw new IllegalArgumentException("prefix length " + prefixLength);
        }
    }

    /** With the kernel's default metric. */
    public InterfaceAddress(int interfaceIndex, InetAddress address, int prefixLength, int flags) {
        this(interfaceIndex, address, prefixLength, flags, 0);
    }

    /** True if the kernel will not remove it by itself. */
    public boolean isPermanent() {
        return (flags & PERMANENT) != 0;
    }

    public boolean isSecondary() {
        return (flags & SECONDARY) != 0;
    }

    /** False while or after duplicate address detection keeps it from being used. */
    public boolean isUsable() {
        return (flags & (TENTATIVE | DADFAILED)) == 0;
    }

    /** Asks for all addresses of all interfaces. */
    public static byte[] list(int sequence) {
        return new NetlinkRequest(NetlinkMessage.RTM_GETADDR, NetlinkMessage.DUMP, sequence)
                .bytes(0, 0, 0, 0)
                .number32(0)
                .encode();
    }

    /**
     * Adds the address, or gives it this lifetime if it is there. IPv6 flags are replaced as a
     * whole by the kernel, so a renewal must carry the same as the addition; it sends what the
     * record says.
     */
    public byte[] put(Lifetime lifetime, int sequence) {
        var cacheInfo =
                NativeOrder.allocate(16)
                        .putInt((int) lifetime.preferred())
                        .putInt((int) lifetime.valid())
                        .array();
        var request =
                request(
                                NetlinkMessage.RTM_NEWADDR,
                                NetlinkMessage.ACKNOWLEDGE
                                        | NetlinkMessage.CREATE
                                        | NetlinkMessage.REPLACE,
                                sequence)
                        .attribute(IFA_CACHEINFO, cacheInfo)
                        .attribute(IFA_FLAGS, flags);
        return metric == 0 ? request.encode() : request.attribute(IFA_RT_PRIORITY, metric).encode();
    }

    /** Removes the address. */
    public byte[] remove(int sequence) {
        return request(NetlinkMessage.RTM_DELADDR, NetlinkMessage.ACKNOWLEDGE, sequence).encode();
    }

    private NetlinkRequest request(int type, int messageFlags, int sequence) {
        var bytes = address.getAddress();
        return new NetlinkRequest(type, messageFlags, sequence)
                .bytes(SocketAddress.family(address), prefixLength, flags, 0) // scope: global
                .number32(interfaceIndex)
                .attribute(IFA_LOCAL, bytes)
                .attribute(IFA_ADDRESS, bytes);
    }

    /** From an {@code RTM_NEWADDR} or {@code RTM_DELADDR}; empty for families other than IP. */
    public static Optional<InterfaceAddress> decode(NetlinkMessage message) {
        var body = message.body();
        if (body.length < FIXED) {
            return Optional.empty();
        }
        var family = body[0] & 0xff;
        var addressLength =
                family == SocketAddress.AF_INET ? 4 : family == SocketAddress.AF_INET6 ? 16 : 0;
        var prefixLength = body[1] & 0xff;
        var interfaceIndex = NativeOrder.wrap(body).getInt(4);
        var attributes = Attributes.parse(body, FIXED);
        var flags = attributes.number32(IFA_FLAGS).orElse(body[2] & 0xff);
        var metric = attributes.number32(IFA_RT_PRIORITY).orElse(0);
        // On a point-to-point link IFA_ADDRESS is the other end; IFA_LOCAL is always ours.
        return attributes
                .bytes(IFA_LOCAL)
                .or(() -> attributes.bytes(IFA_ADDRESS))
                .filter(bytes -> bytes.length == addressLength && prefixLength <= addressLength * 8)
                .flatMap(IpBytes::address)
                .map(
                        address ->
                                new InterfaceAddress(
                                        interfaceIndex, address, prefixLength, flags, metric));
    }
}
