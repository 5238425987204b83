package buoy.lb.http.h2;

import buoy.lb.http.head.Octets;

/** Names of HPACK's static table (RFC 7541, appendix A) that a response has. */
final class StaticTable {
    /** In the table's order, from {@link #FIRST} on. */
    private static final String[] NAMES = {
        "accept-charset",
        "accept-encoding",
        "accept-language",
        "accept-ranges",
        "accept",
        "access-control-allow-origin",
        "age",
        "allow",
        "authorization",
        "cache-control",
        "content-disposition",
        "content-encoding",
        "content-language",
        "content-length",
        "content-location",
        "content-range",
        "content-type",
        "cookie",
        "date",
        "etag",
        "expect",
        "expires",
        "from",
        "host",
        "if-match",
        "if-modified-since",
        "if-none-match",
        "if-range",
        "if-unmodified-since",
        "last-modified",
        "link",
        "location",
        "max-forwards",
        "proxy-authenticate",
        "proxy-authorization",
        "range",
        "referer",
        "refresh",
        "retry-after",
        "server",
        "set-cookie",
        "strict-transport-security",
        "transfer-encoding",
        "user-agent",
        "vary",
        "via",
        "www-authenticate"
    };

    private static final int FIRST = 15;
    private static final int SLOTS = 256;
    private static final byte[][] LOWER = new byte[NAMES.length][];

    /** Index into {@link #LOWER} plus one; 0 is empty. */
    private static final byte[] BY_HASH = new byte[SLOTS];

    static {
        for (int i = 0; i < NAMES.length; i++) {
            LOWER[i] = Octets.ascii(NAMES[i]);
            int slot = slot(LOWER[i], 0, LOWER[i].length);
            while (BY_HASH[slot] != 0) {
                slot = slot + 1 & SLOTS - 1;
            }
            BY_HASH[slot] = (byte) (i + 1);
        }
    }

    private StaticTable() {}

    /** The index of a name, in any case; 0 if it has none. */
    static int index(byte[] bytes, int from, int to) {
        for (int slot = slot(bytes, from, to); BY_HASH[slot] != 0; slot = slot + 1 & SLOTS - 1) {
            int i = BY_HASH[slot] - 1;
            if (Octets.equalsIgnoreCase(bytes, from, to, LOWER[i])) {
                return FIRST + i;
            }
        }
        return 0;
    }

    private static int slot(byte[] bytes, int from, int to) {
        int hash = to - from;
        for (int i = from; i < to; i++) {
            hash = hash * 31 + (bytes[i] | 0x20);
        }
        return (hash ^ hash >>> 8 ^ hash >>> 16) & SLOTS - 1;
    }
}
