package buoy.lb.http.head;

import java.nio.charset.StandardCharsets;

/** What each octet may be: one table look-up in place of comparisons. */
public final class Octets {
    public static final byte HTAB = '\t';
    public static final byte SP = ' ';
    public static final byte CR = '\r';
    public static final byte LF = '\n';

    /** Lower-cased octet where it is a tchar (RFC 9110 5.6.2), else 0. */
    static final byte[] TOKEN = new byte[256];

    /** 1 where a field value may hold the octet: HTAB, SP, VCHAR, obs-text (RFC 9110 5.5). */
    static final byte[] VALUE = new byte[256];

    /**
     * For request targets: 0 refused, {@link #PLAIN} visible ASCII, {@link #SPECIAL} the same but a
     * path holding it may have a simpler form.
     */
    static final byte[] TARGET = new byte[256];

    public static final byte PLAIN = 1;
    public static final byte SPECIAL = 3;

    /** 1 where a host name may hold the octet: letters, digits and {@code -._~}. */
    static final byte[] HOST = new byte[256];

    /** The value of a hex digit, else -1. */
    static final byte[] HEX = new byte[256];

    static {
        for (int i = 0; i < 256; i++) {
            boolean letter = (i >= 'a' && i <= 'z') || (i >= 'A' && i <= 'Z');
            boolean digit = i >= '0' && i <= '9';
            TOKEN[i] =
                    (byte) (letter ? i | 0x20 : digit || "!#$%&'*+-.^_`|~".indexOf(i) >= 0 ? i : 0);
            VALUE[i] = (byte) (i == HTAB || (i >= SP && i != 0x7f) ? 1 : 0);
            boolean special = i == '%' || i == ';' || i == '.' || i == '\\';
            TARGET[i] = i > SP && i < 0x7f && i != '#' ? special ? SPECIAL : PLAIN : 0;
            HOST[i] = (byte) (letter || digit || "-._~".indexOf(i) >= 0 ? 1 : 0);
            HEX[i] =
                    (byte)
                            (digit
                                    ? i - '0'
                                    : letter && (i | 0x20) <= 'f' ? (i | 0x20) - 'a' + 10 : -1);
        }
    }

    private Octets() {}

    /** The lower-cased octet where it is a tchar (RFC 9110 5.6.2), else 0. */
    public static byte token(byte octet) {
        return TOKEN[octet & 0xff];
    }

    /** Whether a field value may hold it (RFC 9110 5.5). */
    public static boolean isValue(byte octet) {
        return VALUE[octet & 0xff] != 0;
    }

    /** SP or HTAB (RFC 9110 5.6.3). */
    public static boolean isSpace(byte octet) {
        return octet == SP || octet == HTAB;
    }

    /** Whether a request target may hold it. */
    public static boolean isTarget(byte octet) {
        return TARGET[octet & 0xff] != 0;
    }

    public static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Whether {@code bytes[from, to)} is {@code lower}, which is lower case, in any case. */
    public static boolean equalsIgnoreCase(byte[] bytes, int from, int to, byte[] lower) {
        if (to - from != lower.length) {
            return false;
        }
        for (int i = 0; i < lower.length; i++) {
            int octet = bytes[from + i];
            if (octet != lower[i] && (octet < 'A' || octet > 'Z' || (octet | 0x20) != lower[i])) {
                return false;
            }
        }
        return true;
    }
}
