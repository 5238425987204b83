package buoy.lb.postgres;

import java.nio.ByteBuffer;
import java.util.Optional;

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

    /** The length of a request for encryption, and of what precedes the key in a CancelRequest. */
    int REQUEST = 8;

    /** {@code SSLRequest}: answered with one byte, {@code S} or {@code N}. */
    record WantsTls() implements Startup {}

    /** {@code GSSENCRequest}: answered with one byte, {@code G} or {@code N}. */
    record WantsGss() implements Startup {}

    /**
     * {@code CancelRequest}: stop what another session does. The server answers nothing and closes.
     *
     * @param length of the message
     */
    record WantsCancel(int length, CancelKey key) implements Startup {}

    /**
     * {@code StartupMessage}.
     *
     * @param length of the message
     * @param major 3
     * @param minor 0, 2, or one that the server will talk down
     */
    record Hello(int length, int major, int minor, StartupParameters parameters)
            implements Startup {}

    /** PostgreSQL 17's direct TLS: the client begins with a TLS handshake. */
    record DirectTls() implements Startup {}

    /** No PostgreSQL client says this. */
    record NotPostgres(String why) implements Startup {}

    /** Not all of it is here yet; {@code bytes} are wanted in all. */
    record NeedMore(int bytes) implements Startup {}

    /** As {@link #read}; empty while it needs more. */
    static Optional<Startup> whole(ByteBuffer bytes) {
        return Optional.of(read(bytes)).filter(each -> !(each instanceof NeedMore));
    }

    /** Reads what has arrived, from the buffer's position; the position stays. */
    static Startup read(ByteBuffer bytes) {
        int at = bytes.position();
        int available = bytes.remaining();
        // RFC 8446 5.1: record type 22 is a handshake. A PostgreSQL length never begins like that,
        // it would be over 300 MB.
        if (available >= 1 && bytes.get(at) == 22) {
            return new DirectTls();
        }
        if (available < 4) {
            return new NeedMore(8);
        }
        int length = bytes.getInt(at);
        if (length < 8 || length > MOST) {
            return new NotPostgres("length %d is not in 8..%d".formatted(length, MOST));
        }
        if (available < 8) {
            return new NeedMore(8);
        }
        int code = bytes.getInt(at + 4);
        int high = code >>> 16;
        int low = code & 0xffff;
        if (high == 1234) {
            return request(bytes, low, length);
        }
        if (high != 3) {
            return new NotPostgres("protocol version %d.%d".formatted(high, low));
        }
        if (available < length) {
            return new NeedMore(length);
        }
        return StartupParameters.read(bytes, at + 8, at + length)
                .<Startup>map(parameters -> new Hello(length, high, low, parameters))
                .orElseGet(() -> new NotPostgres("the parameters do not end with the message"));
    }

    /** Codes that no version number can be: 1234 in the high half. */
    private static Startup request(ByteBuffer bytes, int code, int length) {
        return switch (code) {
            case 5679 -> length == 8 ? new WantsTls() : oddLength("SSLRequest", length);
            case 5680 -> length == 8 ? new WantsGss() : oddLength("GSSENCRequest", length);
            case 5678 -> cancel(bytes, length);
            default -> new NotPostgres("request code 1234.%d".formatted(code));
        };
    }

    private static Startup cancel(ByteBuffer bytes, int length) {
        int key = length - REQUEST;
        if (key < CancelKey.SHORTEST || key > CancelKey.LONGEST) {
            return oddLength("CancelRequest", length);
        }
        if (bytes.remaining() < length) {
            return new NeedMore(length);
        }
        byte[] octets = new byte[key];
        bytes.get(bytes.position() + REQUEST, octets);
        return new WantsCancel(length, new CancelKey(octets));
    }

    private static Startup oddLength(String message, int length) {
        return new NotPostgres("%s of length %d".formatted(message, length));
    }

    /** The answer to SSLRequest: the client may begin its handshake. */
    static byte[] withTls() {
        return new byte[] {'S'};
    }

    /** {@code SSLRequest}, as said to a server. */
    static byte[] sslRequest() {
        return ByteBuffer.allocate(REQUEST).putInt(REQUEST).putInt(1234 << 16 | 5679).array();
    }

    /** The answer to a request for encryption: none here. */
    static byte[] withoutEncryption() {
        return new byte[] {'N'};
    }
}
