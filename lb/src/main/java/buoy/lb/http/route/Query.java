package buoy.lb.http.route;

/**
 * The parameters of a query, {@code ?a=1&b=2}, read as forms write them (URL Standard 5.1): escapes
 * decoded, {@code +} a space, a parameter without {@code =} empty. Compared in place.
 */
final class Query {
    private Query() {}

    /**
     * Whether one of the parameters in {@code bytes[from, to)}, which starts at the question mark
     * if there is one, has this name and this value.
     */
    static boolean has(byte[] bytes, int from, int to, byte[] name, byte[] value) {
        for (int start = from + 1; start <= to; ) {
            int end = find(bytes, start, to, '&');
            int equals = find(bytes, start, end, '=');
            if (isWritten(bytes, start, equals, name)
                    && isWritten(bytes, Math.min(equals + 1, end), end, value)) {
                return end > start;
            }
            start = end + 1;
        }
        return false;
    }

    private static int find(byte[] bytes, int from, int to, char wanted) {
        int at = from;
        while (at < to && bytes[at] != wanted) {
            at++;
        }
        return at;
    }

    private static boolean isWritten(byte[] bytes, int from, int to, byte[] decoded) {
        int at = from;
        for (byte wanted : decoded) {
            if (at == to) {
                return false;
            }
            byte b = bytes[at++];
            if (b == '+') {
                b = ' ';
            } else if (b == '%' && at + 2 <= to) {
                int octet =
                        Character.digit(bytes[at], 16) << 4 | Character.digit(bytes[at + 1], 16);
                if (octet >= 0) {
                    b = (byte) octet;
                    at += 2;
                }
            }
            if (b != wanted) {
                return false;
            }
        }
        return at == to;
    }
}
