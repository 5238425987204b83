package buoy.linux.layout;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.Optional;

/**
 * What a host says with a frame of ARP or with a neighbour advertisement: that it has this address.
 *
 * @param mac the sender's, in ARP as it says, else that of the frame
 */
public record AddressClaim(InetAddress address, MacAddress mac) {
    private static final int ARP = 0x0806;
    private static final int IPV6 = 0x86dd;

    /**
     * Reads a frame that {@link ClaimFilter} has let through; empty for any other that is cut off.
     *
     * @param frame from the destination MAC on
     */
    public static Optional<AddressClaim> read(byte[] frame, int length) {
        if (length < 14) {
            return Optional.empty();
        }
        return switch ((frame[12] & 0xff) << 8 | (frame[13] & 0xff)) {
            case ARP -> read(frame, length, 28, 4, 22);
            case IPV6 -> read(frame, length, 62, 16, 6);
            default -> Optional.empty();
        };
    }

    private static Optional<AddressClaim> read(
            byte[] frame, int length, int at, int size, int macAt) {
        if (length < at + size) {
            return Optional.empty();
        }
        var mac = MacAddress.of(Arrays.copyOfRange(frame, macAt, macAt + MacAddress.LENGTH));
        return IpBytes.address(Arrays.copyOfRange(frame, at, at + size))
                .map(address -> new AddressClaim(address, mac));
    }
}
