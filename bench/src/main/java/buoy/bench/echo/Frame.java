package buoy.bench.echo;

import java.nio.ByteBuffer;

/**
 * A binary message in one frame (RFC 6455, section 5.2), of at most 125 bytes: the length fits into
 * the second octet.
 *
 * <pre>
 *  0               1               2 ... (masked: 4 octets)
 *  +---------------+---------------+----------------+----------
 *  | FIN, opcode 2 | MASK, length  | masking key    | payload
 * </pre>
 */
final class Frame {
    static final int MOST = 125;

    private static final byte BINARY = (byte) 0x82;
    private static final int MASKED = 0x80;
    private static final int KEY = 4;

    private Frame() {}

    /** As a client sends it. */
    static ByteBuffer masked(byte[] payload, int key) {
        ByteBuffer frame = ByteBuffer.allocateDirect(2 + KEY + payload.length);
        frame.put(BINARY).put((byte) (MASKED | payload.length)).putInt(key);
        for (int i = 0; i < payload.length; i++) {
            frame.put((byte) (payload[i] ^ octet(key, i)));
        }
        return frame.flip();
    }

    /** As a server sends it. */
    static ByteBuffer plain(byte[] payload) {
        return ByteBuffer.allocateDirect(2 + payload.length)
                .put(BINARY)
                .put((byte) payload.length)
                .put(payload)
                .flip();
    }

    /**
     * Turns whole masked frames into unmasked ones.
     *
     * @param from is read up to the first frame that is not whole
     * @param to has room for all of it
     * @return whether they were all masked binary messages of one frame; if not, the peer is wrong
     */
    static boolean echo(ByteBuffer from, ByteBuffer to) {
        while (from.remaining() >= 2) {
            int start = from.position();
            int length = (from.get(start + 1) & 0xff) - MASKED;
            if (from.get(start) != BINARY || length < 0 || length > MOST) {
                return false;
            }
            if (from.remaining() < 2 + KEY + length) {
                return true;
            }
            int key = from.getInt(start + 2);
            from.position(start + 2 + KEY);
            to.put(BINARY).put((byte) length);
            for (int i = 0; i < length; i++) {
                to.put((byte) (from.get() ^ octet(key, i)));
            }
        }
        return true;
    }

    private static int octet(int key, int index) {
        return key >>> (24 - 8 * (index % KEY));
    }
}
