package buoy.lb.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.SplittableRandom;

/**
 * A {@code Sec-WebSocket-Key}, and what a server answers that understands it (RFC 6455 4.2.2).
 * HTTP/2 has neither (RFC 8441 5.1): we make up the key for a client there, and the answer for a
 * server.
 */
final class WebSocketKey {
    private static final byte[] GUID =
            "258EAFA5-E914-47DA-95CA-C5AB0DC85B11".getBytes(StandardCharsets.US_ASCII);

    private final byte[] key;

    private WebSocketKey(byte[] key) {
        this.key = key;
    }

    static WebSocketKey random(SplittableRandom random) {
        byte[] octets = new byte[16];
        random.nextBytes(octets);
        return new WebSocketKey(Base64.getEncoder().encode(octets));
    }

    /**
     * @param text as it stands in a request; not copied
     */
    static WebSocketKey of(byte[] text) {
        return new WebSocketKey(text);
    }

    byte[] text() {
        return key;
    }

    byte[] proof() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-1");
            digest.update(key);
            return Base64.getEncoder().encode(digest.digest(GUID));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }
}
