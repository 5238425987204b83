package buoy.lab;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A VRRP advertisement as seen on the wire (RFC 9568 5.2, RFC 3768 5.3). Read here once more, apart
 * from the product, so that the judge does not share the mistakes of the judged.
 *
 * <pre>
 *  +-------+-------+---------------+---------------+---------------+
 *  |version| type  | VRID          | priority      | addresses     |
 *  +-------+-------+---------------+---------------+---------------+
 *  | v2: auth type, seconds  v3: centiseconds      | checksum      |
 *  +-------------------------------+-------------------------------+
 *  | addresses, 4 or 16 bytes each; v2: then 8 bytes of password   |
 * </pre>
 *
 * @param at when it passed the bridge
 * @param mac the sender's
 * @param from the sender's address; tells the hosts of a lab apart
 * @param interval between advertisements, as advertised
 */
public record Advertisement(
        Instant at,
        String mac,
        InetAddress from,
        InetAddress to,
        int version,
        int routerId,
        int priority,
        Duration interval,
        List<InetAddress> addresses) {
    private static final int PROTOCOL = 112;
    private static final int ETHERNET = 14;
    private static final int IPV6_HEADER = 40;

    public Advertisement {
        addresses = List.copyOf(addresses);
    }

    /** The longest time between two of them that follow each other; zero for less than two. */
    public static Duration longestGap(List<Advertisement> advertisements) {
        Duration longest = Duration.ZERO;
        for (int i = 1; i < advertisements.size(); i++) {
            Duration gap = Duration.between(advertisements.get(i - 1).at, advertisements.get(i).at);
            longest = gap.compareTo(longest) > 0 ? gap : longest;
        }
        return longest;
    }

    static Optional<Advertisement> of(Frame frame) {
        return switch (frame.type()) {
            case 0x0800 -> ofIpv4(frame);
            case 0x86dd -> ofIpv6(frame);
            default -> Optional.empty();
        };
    }

    private static Optional<Advertisement> ofIpv4(Frame frame) {
        if (frame.bytes().length < ETHERNET + 20 || frame.at(ETHERNET + 9) != PROTOCOL) {
            return Optional.empty();
        }
        int end = Math.min(frame.bytes().length, ETHERNET + frame.shortAt(ETHERNET + 2));
        int message = ETHERNET + (frame.at(ETHERNET) & 0x0f) * 4;
        return of(frame, ETHERNET + 12, 4, message, end);
    }

    private static Optional<Advertisement> ofIpv6(Frame frame) {
        if (frame.bytes().length < ETHERNET + IPV6_HEADER || frame.at(ETHERNET + 6) != PROTOCOL) {
            return Optional.empty();
        }
        return of(frame, ETHERNET + 8, 16, ETHERNET + IPV6_HEADER, frame.bytes().length);
    }

    private static Optional<Advertisement> of(
            Frame frame, int addressesAt, int width, int message, int end) {
        if (end - message < 8) {
            return Optional.empty();
        }
        int version = frame.at(message) >> 4;
        int count = frame.at(message + 3);
        boolean isAdvertisement = (frame.at(message) & 0x0f) == 1 && (version == 2 || version == 3);
        if (!isAdvertisement || end - message < 8 + count * width) {
            return Optional.empty();
        }
        List<InetAddress> floated = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            floated.add(address(frame, message + 8 + i * width, width));
        }
        Duration interval =
                version == 2
                        ? Duration.ofSeconds(frame.at(message + 5))
                        : Duration.ofMillis((frame.shortAt(message + 4) & 0x0fff) * 10L);
        return Optional.of(
                new Advertisement(
                        frame.at(),
                        frame.macAt(6),
                        address(frame, addressesAt, width),
                        address(frame, addressesAt + width, width),
                        version,
                        frame.at(message + 1),
                        frame.at(message + 2),
                        interval,
                        floated));
    }

    private static InetAddress address(Frame frame, int offset, int width) {
        try {
            return InetAddress.getByAddress(
                    Arrays.copyOfRange(frame.bytes(), offset, offset + width));
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 and 16 bytes are addresses", e);
        }
    }
}
