package buoy.lb.postgres;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The first message that a PostgreSQL client sends, before any has a type byte (PostgreSQL
 * documentation, "Message Formats").
 *
 * <pre>
 *  0               4               8
 *  +---------------+---------------+-----------
 *  | length (self) | code          | body ...
 *  +---------------+---------------+-----------
 * </pre>
 */
sealed interface Startup {
    /** The server's own bound, MAX_STARTUP_PACKET_LENGTH. */
    int MOST = 10_000;

    /** {@code SSLRequest}: answered with one byte, {@code S} or {@code N}. */
    record WantsTls() implements Startup {}

    /** {@code GSSENCRequest}: answered with one byte, {@code G} or {@code N}. */
    record WantsGss() implements Startup {}

    /**
     * {@code CancelRequest}: stop what another session does. The server answers nothing and closes.
     *
     * @param length of the message: since protocol 3.2 the key may have any length up to 256
     */
    record WantsCancel(int length) implements Startup {}

    /**
     * {@code StartupMessage}.
     *
     * @param length of the message
     * @param major 3
     * @param minor 0, 2, or one that the server will talk down
     */
    record Hello(int length, int major, int minor) implements Startup {}

    /** PostgreSQL 17's direct TLS: the client begins with a TLS handshake. */
    record DirectTls() implements Startup {}

    /** No PostgreSQL client says this. */
    record NotPostgres(String why) implements Startup {}

    /** Not all of it is here yet; {@code bytes} are wanted in all. */
    record NeedMore(int bytes) implements Startup {}

    /** Reads what has arrived, from the buffer's position; the position stays. */
    static Startup read(ByteBuffer bytes) {
        int at = bytes.position();
        int available = bytes.remaining();
        // RFC 8446 5.1: record type 22 is a handshake. A PostgreSQL length never begins like that,
        // it would be over 300 MB.
        if (available >= 1 && bytes.get(at) == 22) {
            return new DirectTls();
        }
        if (available < 8) {
            return new NeedMore(8);
        }
        int length = bytes.getInt(at);
        if (length < 8 || length > MOST) {
            return new NotPostgres("length %d is not in 8..%d".formatted(length, MOST));
        }
        int code = bytes.getInt(at + 4);
        int high = code >>> 16;
        int low = code & 0xffff;
        if (high == 1234) {
            return request(low, length, available);
        }
        if (high != 3) {
            return new NotPostgres("protocol version %d.%d".formatted(high, low));
        }
        if (available < length) {
            return new NeedMore(length);
        }
        return parametersEnd(bytes, at + 8, at + length)
                ? new Hello(length, high, low)
                : new NotPostgres("the parameters do not end with the message");
    }

    /** Codes that no version number can be: 1234 in the high half. */
    private static Startup request(int code, int length, int available) {
        return switch (code) {
            case 5679 -> length == 8 ? new WantsTls() : oddLength("SSLRequest", length);
            case 5680 -> length == 8 ? new WantsGss() : oddLength("GSSENCRequest", length);
            case 5678 -> {
                // Process ID, then a key of 4 bytes, or since protocol 3.2 of 4 to 256.
                if (length < 16 || length > 12 + 256) {
                    yield oddLength("CancelRequest", length);
                }
                yield available < length ? new NeedMore(length) : new WantsCancel(length);
            }
            default -> new NotPostgres("request code 1234.%d".formatted(code));
        };
    }

    private static Startup oddLength(String message, int length) {
        return new NotPostgres("%s of length %d".formatted(message, length));
    }

    /** Names and values, each ended by a zero byte; an empty name ends the message. */
    private static boolean parametersEnd(ByteBuffer bytes, int from, int to) {
        boolean name = true;
        int start = from;
        for (int i = from; i < to; i++) {
            if (bytes.get(i) == 0) {
                if (name && i == start) {
                    return i == to - 1;
                }
                name = !name;
                start = i + 1;
            }
        }
        return false;
    }

    /**
     * {@code ErrorResponse}, fatal, in the client's stead of a server's.
     *
     * @param sqlState five characters
     */
    static byte[] fatal(String sqlState, String message) {
        byte[] fields =
                ("SFATAL\0VFATAL\0C" + sqlState + "\0M" + message + "\0\0")
                        .getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(1 + 4 + fields.length)
                .put((byte) 'E')
                .putInt(4 + fields.length)
                .put(fields)
                .array();
    }
}
