package buoy.tls;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The first bytes of a connection, looked at for the name that its client begins TLS for, by
 * somebody who does not speak TLS with it.
 *
 * <pre>
 *  record:  type 1 (22: handshake) | version 2 (3.x) | length 2 | part of a message
 *  message: type 1 (1: ClientHello) | length 3 | body            in one record or several
 * </pre>
 *
 * <p>RFC 8446 5.1, 4. Where the name is encrypted (ECH, RFC 9849), the outer one counts, which is
 * all that is to be seen.
 *
 * @param serverName in lower case without a final dot; empty when none was sent, and when these are
 *     no bytes that TLS begins with
 */
public record TlsStart(Optional<String> serverName) {
    /** Of all bytes looked at. A ClientHello has at most 16 KiB for BoringSSL and OpenSSL. */
    static final int MOST = 20 * 1024;

    private static final int HANDSHAKE = 22;
    private static final int CLIENT_HELLO = 1;
    private static final int RECORD_HEADER = 5;
    private static final int MESSAGE_HEADER = 4;

    /** RFC 8446 5.1: 2^14 bytes. */
    private static final int LARGEST_RECORD = 1 << 14;

    private static final Optional<TlsStart> NAMELESS = Optional.of(new TlsStart(Optional.empty()));

    /** Reads what has arrived, from the buffer's position; empty while that does not tell. */
    public static Optional<TlsStart> read(ByteBuffer bytes) {
        ByteBuffer in = bytes.duplicate();
        ByteBuffer message = ByteBuffer.allocate(Math.min(in.remaining(), MOST));
        while (in.hasRemaining()) {
            if (!mayBeHandshake(in)) {
                return NAMELESS;
            }
            if (in.remaining() < RECORD_HEADER) {
                break;
            }
            int length = in.getShort(in.position() + 3) & 0xffff;
            in.position(in.position() + RECORD_HEADER);
            int here = Math.min(Math.min(length, in.remaining()), message.remaining());
            message.put(in.slice(in.position(), here));
            in.position(in.position() + here);
            Optional<TlsStart> start = fromMessage(message.duplicate().flip());
            if (start.isPresent()) {
                return start;
            }
            if (here < length) {
                break;
            }
        }
        return bytes.remaining() < MOST ? Optional.empty() : NAMELESS;
    }

    /**
     * Whether the record that begins here is one, as far as it is here; no such record is empty.
     */
    private static boolean mayBeHandshake(ByteBuffer in) {
        int at = in.position();
        int here = in.remaining();
        if (in.get(at) != HANDSHAKE || (here > 1 && in.get(at + 1) != 3)) {
            return false;
        }
        int length = here < RECORD_HEADER ? 1 : in.getShort(at + 3) & 0xffff;
        return length > 0 && length <= LARGEST_RECORD;
    }

    private static Optional<TlsStart> fromMessage(ByteBuffer message) {
        if (message.hasRemaining() && message.get(0) != CLIENT_HELLO) {
            return NAMELESS;
        }
        if (message.remaining() < MESSAGE_HEADER) {
            return Optional.empty();
        }
        int length = message.getInt(0) & 0xffffff;
        if (length > MOST - MESSAGE_HEADER) {
            return NAMELESS;
        }
        if (message.remaining() - MESSAGE_HEADER < length) {
            return Optional.empty();
        }
        return Optional.of(
                new TlsStart(
                        ClientHello.parse(message.slice(MESSAGE_HEADER, length))
                                .flatMap(ClientHello::serverName)));
    }
}
