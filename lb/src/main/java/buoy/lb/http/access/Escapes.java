package buoy.lb.http.access;

import buoy.lb.http.head.Output;

/** Text from outside within a line. Each way leaves no control character and no bare quote. */
final class Escapes {
    private static final byte[] UPPER = hex("0123456789ABCDEF");
    private static final byte[] LOWER = hex("0123456789abcdef");

    private Escapes() {}

    private static byte[] hex(String digits) {
        return digits.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    }

    private static boolean isPlain(int octet) {
        return octet >= ' ' && octet < 0x7f && octet != '"' && octet != '\\';
    }

    /** As NGINX: {@code \xXX} for quotes, backslashes, control characters and non-ASCII. */
    static void nginx(byte[] text, int from, int to, Output out) {
        for (int i = from; i < to; i++) {
            int octet = text[i] & 0xff;
            if (isPlain(octet)) {
                out.put(text[i]);
            } else {
                out.put((byte) '\\');
                out.put((byte) 'x');
                digits(octet, UPPER, out);
            }
        }
    }

    /** As HAProxy: {@code #XX} for quotes, hashes, control characters and non-ASCII. */
    static void haproxy(byte[] text, int from, int to, Output out) {
        for (int i = from; i < to; i++) {
            int octet = text[i] & 0xff;
            if (octet >= ' ' && octet < 0x7f && octet != '"' && octet != '#') {
                out.put(text[i]);
            } else {
                out.put((byte) '#');
                digits(octet, UPPER, out);
            }
        }
    }

    /**
     * Within a JSON string (RFC 8259 7). An octet beyond ASCII is the character of that number:
     * what a client sends need not be UTF-8.
     */
    static void json(byte[] text, int from, int to, Output out) {
        for (int i = from; i < to; i++) {
            int octet = text[i] & 0xff;
            if (isPlain(octet)) {
                out.put(text[i]);
            } else if (octet == '"' || octet == '\\') {
                out.put((byte) '\\');
                out.put(text[i]);
            } else {
                out.put((byte) '\\');
                out.put((byte) 'u');
                out.put((byte) '0');
                out.put((byte) '0');
                digits(octet, LOWER, out);
            }
        }
    }

    private static void digits(int octet, byte[] digits, Output out) {
        out.put(digits[octet >> 4]);
        out.put(digits[octet & 15]);
    }
}
