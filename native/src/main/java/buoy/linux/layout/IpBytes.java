package buoy.linux.layout;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/** IP addresses from bytes, without a name lookup. */
final class IpBytes {
    private IpBytes() {}

    /**
     * Of 4 or 16 bytes; empty for another number. An IPv6 address keeps its family and has no
     * scope.
     */
    static Optional<InetAddress> address(byte[] bytes) {
        try {
            return switch (bytes.length) {
                case 4 -> Optional.of(InetAddress.getByAddress(bytes));
                // Not getByAddress(bytes): that makes an Inet4Address of ::ffff:a.b.c.d.
                case 16 -> Optional.of(Inet6Address.getByAddress(null, bytes, -1));
                default -> Optional.empty();
            };
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /**
     * A prefix of this family.
     *
     * @param bytes empty for all zeros, as the kernel leaves the default route's out
     * @return empty for a family other than IP, or bytes or a length that do not fit it
     */
    static Optional<IpPrefix> prefix(int family, Optional<byte[]> bytes, int length) {
        var width =
                switch (family) {
                    case SocketAddress.AF_INET -> 4;
                    case SocketAddress.AF_INET6 -> 16;
                    default -> 0;
                };
        if (width == 0 || length > width * 8) {
            return Optional.empty();
        }
        return address(bytes.orElse(new byte[width]))
                .filter(address -> SocketAddress.family(address) == family)
                .map(address -> new IpPrefix(address, length));
    }
}
