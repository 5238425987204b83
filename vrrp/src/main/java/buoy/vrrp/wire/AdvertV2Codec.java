package buoy.vrrp.wire;

import buoy.config.model.Password;
import buoy.vrrp.core.Advert;
import buoy.vrrp.core.Priority;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * The advertisement of version 2 (RFC 3768 5.1), IPv4 alone.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-------+-------+---------------+---------------+---------------+
 * |version| type  | virtual rtr id|   priority    | address count |
 * +-------+-------+---------------+---------------+---------------+
 * |   auth type   | interval (s)  |            checksum           |
 * +---------------+---------------+-------------------------------+
 * |                     addresses, 4 bytes each ...               |
 * +---------------------------------------------------------------+
 * |             8 bytes of authentication data, always: the       |
 * |             password, or nothing that means anything          |
 * </pre>
 *
 * The checksum covers the message, authentication data included, and nothing else.
 */
final class AdvertV2Codec {
    static final int HEADER = 8;
    private static final int AUTHENTICATION_DATA = 8;
    private static final int NO_AUTHENTICATION = 0;

    /** RFC 2338 5.3.6.2; RFC 3768 dropped it, and its peers still speak it. */
    private static final int SIMPLE_PASSWORD = 1;

    private AdvertV2Codec() {}

    static byte[] encode(Advert advert, Optional<Password> password) {
        int length = HEADER + 4 * advert.addresses().size() + AUTHENTICATION_DATA;
        ByteBuffer message = ByteBuffer.allocate(length);
        message.put((byte) 0x21)
                .put((byte) advert.routerId())
                .put((byte) advert.priority().value())
                .put((byte) advert.addresses().size())
                .put((byte) type(password))
                .put((byte) seconds(advert.interval()))
                .putShort((short) 0);
        for (InetAddress address : advert.addresses()) {
            message.put(address.getAddress());
        }
        message.put(data(password));
        long sum = InternetChecksum.sum(message.array(), length);
        message.putShort(6, (short) InternetChecksum.fold(sum));
        return message.array();
    }

    /** Reads a payload that is version 2 and type 1, and no CARP. */
    static Decoded decode(byte[] payload, Optional<Password> password) {
        if (payload.length < HEADER + AUTHENTICATION_DATA) {
            return new Decoded.TooShort(payload.length, HEADER + AUTHENTICATION_DATA);
        }
        ByteBuffer message = ByteBuffer.wrap(payload);
        int count = message.get(3) & 0xff;
        int length = HEADER + 4 * count + AUTHENTICATION_DATA;
        if (payload.length < length) {
            return new Decoded.TooShort(payload.length, length);
        }
        if (InternetChecksum.fold(InternetChecksum.sum(payload, length)) != 0) {
            return new Decoded.BadChecksum(message.getShort(6) & 0xffff);
        }
        int type = message.get(4) & 0xff;
        boolean sameData =
                password.isEmpty()
                        || Arrays.equals(
                                data(password),
                                Arrays.copyOfRange(payload, length - AUTHENTICATION_DATA, length));
        if (type != type(password) || !sameData) {
            return new Decoded.AuthMismatch(type, password.isPresent());
        }
        if (count == 0) {
            return new Decoded.CountZero();
        }
        int seconds = message.get(5) & 0xff;
        if (seconds == 0) {
            return new Decoded.IntervalZero();
        }
        return new Decoded.Ok(
                new Advert(
                        message.get(1) & 0xff,
                        new Priority(message.get(2) & 0xff),
                        Duration.ofSeconds(seconds),
                        Addresses.read(message, HEADER, 4, count)));
    }

    private static int type(Optional<Password> password) {
        return password.isPresent() ? SIMPLE_PASSWORD : NO_AUTHENTICATION;
    }

    /** A shorter password is filled up with zero; without one the field says nothing. */
    private static byte[] data(Optional<Password> password) {
        byte[] text =
                password.map(p -> p.text().getBytes(StandardCharsets.US_ASCII)).orElse(new byte[0]);
        return Arrays.copyOf(text, AUTHENTICATION_DATA);
    }

    private static int seconds(Duration interval) {
        long seconds = interval.toSeconds();
        if (seconds < 1 || seconds > 255) {
            throw new IllegalArgumentException(
                    interval + " is not in 1s..255s, what version 2 can say");
        }
        return (int) seconds;
    }
}
