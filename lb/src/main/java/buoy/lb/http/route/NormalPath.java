package buoy.lb.http.route;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A path in the form that routes are compared with (RFC 3986 6.2.2): escapes of unreserved
 * characters decoded, other escapes in upper case, dot segments removed.
 *
 * <p>Servers differ in more than that: whether {@code %2f} or {@code \} is a slash, whether {@code
 * //} is one, whether {@code ;x} belongs to a segment. So a path is read twice, {@link
 * Reading#PLAIN plainly} and {@link Reading#LIBERAL as the most liberal server would}; where the
 * two lead to different routes, no answer is right for every server.
 */
final class NormalPath {
    /** How much is taken to be equal. */
    enum Reading {
        PLAIN,
        LIBERAL
    }

    private byte[] bytes = new byte[256];
    private int length;

    /**
     * A path of the configuration, as requests are read, so that {@code /caf\u00e9} is {@code
     * /caf%C3%A9}.
     */
    static byte[] of(String path) {
        StringBuilder escaped = new StringBuilder();
        for (byte b : path.getBytes(StandardCharsets.UTF_8)) {
            escaped.append(b > ' ' && b < 0x7f ? "" + (char) b : "%%%02X".formatted(b));
        }
        byte[] ascii = escaped.toString().getBytes(StandardCharsets.US_ASCII);
        NormalPath normal = new NormalPath();
        return normal.read(ascii, 0, ascii.length, NormalPath.Reading.PLAIN)
                ? Arrays.copyOf(normal.bytes(), normal.length())
                : ascii;
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    boolean equalTo(NormalPath other) {
        return Arrays.equals(bytes, 0, length, other.bytes, 0, other.length);
    }

    /** Reads {@code path[from, to)}; false if it has a malformed escape or an escaped NUL. */
    boolean read(byte[] path, int from, int to, Reading reading) {
        if (bytes.length < to - from + 1) {
            bytes = new byte[to - from + 1];
        }
        length = 0;
        boolean liberal = reading == Reading.LIBERAL;
        boolean parameter = false;
        for (int p = from; p < to; p++) {
            int octet = path[p] & 0xff;
            boolean escaped = false;
            if (octet == '%') {
                octet = p + 2 < to ? hex(path[p + 1]) << 4 | hex(path[p + 2]) : -1;
                if (octet <= 0) {
                    return false;
                }
                p += 2;
                escaped = !isUnreserved(octet);
            }
            if (liberal && (octet == '/' || octet == '\\')) {
                octet = '/';
                escaped = false;
            }
            if (octet == '/' && !escaped) {
                parameter = false;
                slash(liberal);
            } else if (parameter || (liberal && octet == ';' && !escaped)) {
                parameter = true;
            } else if (escaped) {
                put('%');
                put("0123456789ABCDEF".charAt(octet >> 4));
                put("0123456789ABCDEF".charAt(octet & 15));
            } else {
                put(octet);
            }
        }
        endSegment(true, liberal);
        if (length == 0) {
            put('/');
        }
        return true;
    }

    private void put(int octet) {
        bytes[length++] = (byte) octet;
    }

    private void slash(boolean liberal) {
        endSegment(false, liberal);
        if (length == 0 || !liberal || bytes[length - 1] != '/') {
            put('/');
        }
    }

    /** Resolves the segment just read if it is {@code .} or {@code ..} (RFC 3986 5.2.4). */
    private void endSegment(boolean last, boolean liberal) {
        int start = length;
        while (start > 0 && bytes[start - 1] != '/') {
            start--;
        }
        int segment = length - start;
        if (start == 0 || segment == 0 || segment > 2) {
            return;
        }
        if (bytes[start] != '.' || (segment == 2 && bytes[start + 1] != '.')) {
            return;
        }
        // "/a/b/." -> "/a/b" + "/", "/a/b/.." -> "/a" + "/": the slash that follows, or is implied
        length = start - 1;
        if (segment == 2) {
            while (length > 0 && bytes[--length] != '/') {}
        }
        if (last) {
            slash(liberal);
        }
    }

    private static int hex(byte b) {
        int digit = Character.digit(b, 16);
        return digit < 0 ? 0xffff0000 : digit;
    }

    private static boolean isUnreserved(int octet) {
        return (octet >= 'a' && octet <= 'z')
                || (octet >= 'A' && octet <= 'Z')
                || (octet >= '0' && octet <= '9')
                || octet == '-'
                || octet == '.'
                || octet == '_'
                || octet == '~';
    }
}
