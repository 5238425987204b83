package buoy.bench.echo;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/** The opening handshake (RFC 6455, section 4). */
final class Upgrade {
    static final String END = "\r\n\r\n";

    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
    private static final String FIELD = "sec-websocket-key:";
    private static final String SALT = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private Upgrade() {}

    static String request(String host, String path) {
        return "GET "
                + path
                + " HTTP/1.1\r\nHost: "
                + host
                + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: "
                + KEY
                + END;
    }

    /** Whether this head of an answer accepts {@link #request}. */
    static boolean isAccepted(String head) {
        return head.startsWith("HTTP/1.1 101 ")
                && head.lines()
                        .anyMatch(
                                line ->
                                        line.toLowerCase(Locale.ROOT)
                                                        .startsWith("sec-websocket-accept:")
                                                && line.endsWith(accept(KEY)));
    }

    /** What accepts this head of a request; empty if it asks for no WebSocket. */
    static Optional<String> answer(String head) {
        return head.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(FIELD))
                .map(line -> line.substring(FIELD.length()).strip())
                .findFirst()
                .map(
                        key ->
                                "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n"
                                        + "Upgrade: websocket\r\nSec-WebSocket-Accept: "
                                        + accept(key)
                                        + END);
    }

    private static String accept(String key) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-1")
                            .digest((key + SALT).getBytes(StandardCharsets.ISO_8859_1));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-1", e);
        }
    }
}
