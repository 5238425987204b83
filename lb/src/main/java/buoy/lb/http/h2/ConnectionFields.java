package buoy.lb.http.h2;

import buoy.lb.http.head.Octets;

/** Fields that mean something to connections of HTTP/1 alone (RFC 9113 8.2.2). */
final class ConnectionFields {
    private static final byte[][] NAMES = {
        Octets.ascii("connection"),
        Octets.ascii("keep-alive"),
        Octets.ascii("proxy-connection"),
        Octets.ascii("transfer-encoding"),
        Octets.ascii("upgrade")
    };

    private ConnectionFields() {}

    /** Whether this is the name of one, in any case. */
    static boolean has(byte[] bytes, int from, int to) {
        for (byte[] name : NAMES) {
            if (Octets.equalsIgnoreCase(bytes, from, to, name)) {
                return true;
            }
        }
        return false;
    }
}
