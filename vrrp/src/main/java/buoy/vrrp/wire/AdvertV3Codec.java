package buoy.vrrp.wire;

import buoy.vrrp.core.Advert;
import buoy.vrrp.core.Priority;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * The advertisement of version 3 (RFC 9568 5.1).
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-------+-------+---------------+---------------+---------------+
 * |version| type  | virtual rtr id|   priority    | address count |
 * +-------+-------+---------------+---------------+---------------+
 * |  rsv  | max advertise interval, centiseconds  |   checksum    |
 * +-------+---------------------------------------+---------------+
 * |             addresses, 4 or 16 bytes each ...                 |
 * </pre>
 *
 * (The interval takes 12 bits, the checksum 16.)
 *
 * <p>The checksum over IPv4 is where implementations part: RFC 9568 5.2.8 sums the message alone,
 * while keepalived and older FRR put a pseudo-header before it and drop what has none. Either is
 * accepted. Over IPv6 there is always a pseudo-header.
 */
final class AdvertV3Codec {
    static final int HEADER = 8;

    private AdvertV3Codec() {}

    static byte[] encode(
            Advert advert, InetAddress source, InetAddress destination, boolean pseudoHeader) {
        int size = source.getAddress().length;
        int length = HEADER + size * advert.addresses().size();
        ByteBuffer message = ByteBuffer.allocate(length);
        message.put((byte) 0x31)
                .put((byte) advert.routerId())
                .put((byte) advert.priority().value())
                .put((byte) advert.addresses().size())
                .putShort((short) centiseconds(advert.interval()))
                .putShort((short) 0);
        for (InetAddress address : advert.addresses()) {
            message.put(address.getAddress());
        }
        long sum = InternetChecksum.sum(message.array(), length);
        if (pseudoHeader) {
            sum += InternetChecksum.pseudoHeader(source, destination, length);
        }
        message.putShort(6, (short) InternetChecksum.fold(sum));
        return message.array();
    }

    /** Reads a payload that is version 3 and type 1. */
    static Decoded decode(byte[] payload, InetAddress source, InetAddress destination) {
        int size = source.getAddress().length;
        if (payload.length < HEADER) {
            return new Decoded.TooShort(payload.length, HEADER);
        }
        ByteBuffer message = ByteBuffer.wrap(payload);
        int count = message.get(3) & 0xff;
        int length = HEADER + size * count;
        if (payload.length < length) {
            return new Decoded.TooShort(payload.length, length);
        }
        long alone = InternetChecksum.sum(payload, length);
        long with = alone + InternetChecksum.pseudoHeader(source, destination, length);
        boolean plainCounts = size == 4;
        if (InternetChecksum.fold(with) != 0
                && !(plainCounts && InternetChecksum.fold(alone) == 0)) {
            return new Decoded.BadChecksum(message.getShort(6) & 0xffff);
        }
        if (count == 0) {
            return new Decoded.CountZero();
        }
        int centiseconds = message.getShort(4) & 0x0fff;
        if (centiseconds == 0) {
            return new Decoded.IntervalZero();
        }
        return new Decoded.Ok(
                new Advert(
                        message.get(1) & 0xff,
                        new Priority(message.get(2) & 0xff),
                        Duration.ofMillis(centiseconds * 10L),
                        Addresses.read(message, HEADER, size, count)));
    }

    private static int centiseconds(Duration interval) {
        long centiseconds = interval.toMillis() / 10;
        if (centiseconds < 1 || centiseconds > 4095) {
            throw new IllegalArgumentException(
                    interval + " is not in 10ms..40950ms, what version 3 can say");
        }
        return (int) centiseconds;
    }
}
