package buoy.lb.http.h2;

import buoy.lb.http.head.Octets;
import buoy.lb.http.head.Output;

/**
 * Encodes a request's head that was written as HTTP/1.1 as a field block, as {@link ResponseBlock}
 * does with responses: {@code Host} becomes {@code :authority} (RFC 9113 8.3.1), what belongs to
 * connections is left out, and {@code TE: trailers} stays.
 */
public final class RequestBlock {
    private static final byte[] HOST = Octets.ascii("host");
    private static final byte[] GET = Octets.ascii("GET");
    private static final byte[] POST = Octets.ascii("POST");
    private static final byte[] ROOT = Octets.ascii("/");
    private static final byte[] CONNECT = Octets.ascii("CONNECT");
    private static final byte[] PROTOCOL = Octets.ascii(":protocol");
    private static final byte[] WEBSOCKET = Octets.ascii("websocket");
    private static final byte[] WEBSOCKET_KEY = Octets.ascii("sec-websocket-key");
    private static final byte[] CONTENT_LENGTH = Octets.ascii("content-length");

    // RFC 7541, appendix A.
    private static final int AUTHORITY_INDEX = 1;
    private static final int METHOD_INDEX = 2;
    private static final int PATH_INDEX = 4;
    private static final byte METHOD_GET = (byte) 0x82;
    private static final byte METHOD_POST = (byte) 0x83;
    private static final byte PATH_ROOT = (byte) 0x84;
    private static final byte SCHEME_HTTP = (byte) 0x86;
    private static final byte SCHEME_HTTPS = (byte) 0x87;

    private RequestBlock() {}

    /**
     * Appends the block.
     *
     * @param text a request line in origin-form, field lines and the empty line, as we write them
     * @param https whether it goes out within TLS
     */
    public static void head(byte[] text, int length, boolean https, Output to) {
        int methodEnd = find(text, 0, Octets.SP);
        known(text, 0, methodEnd, GET, METHOD_GET, POST, METHOD_POST, METHOD_INDEX, to);
        rest(text, methodEnd, length, https, false, to);
    }

    /**
     * The same of a WebSocket's handshake: GET becomes an extended CONNECT, which needs no key (RFC
     * 8441 5), and whose stream's content is all that is said: of that no length is known.
     */
    public static void webSocket(byte[] text, int length, boolean https, Output to) {
        ResponseBlock.number(0, 4, METHOD_INDEX, to);
        string(CONNECT, to);
        to.put((byte) 0);
        string(PROTOCOL, to);
        string(WEBSOCKET, to);
        rest(text, find(text, 0, Octets.SP), length, https, true, to);
    }

    private static void string(byte[] octets, Output to) {
        ResponseBlock.number(0, 7, octets.length, to);
        to.put(octets);
    }

    private static void rest(
            byte[] text, int methodEnd, int length, boolean https, boolean webSocket, Output to) {
        int pathEnd = find(text, methodEnd + 1, Octets.SP);
        int fields = find(text, pathEnd, Octets.LF) + 1;
        to.put(https ? SCHEME_HTTPS : SCHEME_HTTP);
        known(text, methodEnd + 1, pathEnd, ROOT, PATH_ROOT, ROOT, PATH_ROOT, PATH_INDEX, to);
        authority(text, fields, length, to);
        for (int p = fields; p < length && text[p] != Octets.CR; ) {
            int nameEnd = find(text, p, (byte) ':');
            int end = find(text, nameEnd, Octets.CR);
            if (!ConnectionFields.has(text, p, nameEnd)
                    && !isHost(text, p, nameEnd)
                    && !(webSocket && isOfHandshake(text, p, nameEnd))) {
                ResponseBlock.field(text, p, nameEnd, end, to);
            }
            p = end + 2;
        }
    }

    private static void authority(byte[] text, int fields, int length, Output to) {
        for (int p = fields; p < length && text[p] != Octets.CR; ) {
            int nameEnd = find(text, p, (byte) ':');
            int end = find(text, nameEnd, Octets.CR);
            if (isHost(text, p, nameEnd)) {
                ResponseBlock.number(0, 4, AUTHORITY_INDEX, to);
                ResponseBlock.value(text, nameEnd + 1, end, to);
                return;
            }
            p = end + 2;
        }
    }

    private static boolean isOfHandshake(byte[] text, int from, int to) {
        return Octets.equalsIgnoreCase(text, from, to, WEBSOCKET_KEY)
                || Octets.equalsIgnoreCase(text, from, to, CONTENT_LENGTH);
    }

    private static boolean isHost(byte[] text, int from, int to) {
        return Octets.equalsIgnoreCase(text, from, to, HOST);
    }

    private static void known(
            byte[] text,
            int from,
            int to,
            byte[] one,
            byte indexOfOne,
            byte[] other,
            byte indexOfOther,
            int name,
            Output out) {
        if (FieldRules.is(text, from, to, one)) {
            out.put(indexOfOne);
        } else if (FieldRules.is(text, from, to, other)) {
            out.put(indexOfOther);
        } else {
            ResponseBlock.number(0, 4, name, out);
            ResponseBlock.value(text, from, to, out);
        }
    }

    private static int find(byte[] text, int from, byte what) {
        int p = from;
        while (text[p] != what) {
            p++;
        }
        return p;
    }
}
