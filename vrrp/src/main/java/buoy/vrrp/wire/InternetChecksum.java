package buoy.vrrp.wire;

import java.net.InetAddress;

/** The one's complement sum of RFC 1071, kept unfolded while parts are added. */
final class InternetChecksum {
    private static final int VRRP = 112;

    private InternetChecksum() {}

    /** The sum of {@code length} bytes, an odd last one padded with zero. */
    static long sum(byte[] bytes, int length) {
        long sum = 0;
        for (int i = 0; i + 1 < length; i += 2) {
            sum += (bytes[i] & 0xff) << 8 | (bytes[i + 1] & 0xff);
        }
        return (length & 1) == 0 ? sum : sum + ((bytes[length - 1] & 0xff) << 8);
    }

    /**
     * The sum of the pseudo-header: source, destination, length, protocol. That of IPv4 (RFC 793
     * 3.1) and of IPv6 (RFC 8200 8.1) add up alike.
     */
    static long pseudoHeader(InetAddress source, InetAddress destination, int messageLength) {
        byte[] from = source.getAddress();
        byte[] to = destination.getAddress();
        return sum(from, from.length) + sum(to, to.length) + messageLength + VRRP;
    }

    /** The checksum field for that sum; over a whole message that is intact, zero. */
    static int fold(long sum) {
        long folded = sum;
        while (folded >>> 16 != 0) {
            folded = (folded & 0xffff) + (folded >>> 16);
        }
        return (int) ~folded & 0xffff;
    }
}
