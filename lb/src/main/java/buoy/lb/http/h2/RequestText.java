// Longer than 200 lines: the rules for a request's fields in HTTP/2, and the text they become.
package buoy.lb.http.h2;

import buoy.lb.http.head.Octets;
import buoy.lb.http.head.Output;
import buoy.lb.http.head.Refusal;
import java.util.Arrays;

/**
 * Takes the fields of one block, as they are decoded, and writes the request's head as HTTP/1.1
 * would (RFC 9113 8.3.1 backwards), or its trailer section. Reused: {@link #begin}.
 */
public final class RequestText implements FieldText {
    /** A value that stands until the next block: the decoder's own array. */
    private static final class Part {
        private static final byte[] NOTHING = {};
        private byte[] bytes = NOTHING;
        private int from;
        private int to;
        private boolean given;

        void clear() {
            given = false;
            bytes = NOTHING;
            from = 0;
            to = 0;
        }

        /** False if there was one before. */
        boolean give(byte[] value, int start, int end) {
            boolean first = !given;
            given = true;
            bytes = value;
            from = start;
            to = end;
            return first;
        }

        boolean is(byte[] text) {
            return Arrays.equals(bytes, from, to, text, 0, text.length);
        }
    }

    private static final byte[] METHOD = Octets.ascii(":method");
    private static final byte[] SCHEME = Octets.ascii(":scheme");
    private static final byte[] AUTHORITY = Octets.ascii(":authority");
    private static final byte[] PATH = Octets.ascii(":path");
    private static final byte[] PROTOCOL = Octets.ascii(":protocol");
    private static final byte[] CONNECT = Octets.ascii("CONNECT");
    private static final byte[] OPTIONS = Octets.ascii("OPTIONS");
    private static final byte[] WEBSOCKET = Octets.ascii("websocket");
    private static final byte[] COOKIE = Octets.ascii("cookie");
    private static final byte[] HOST = Octets.ascii("host");
    private static final byte[] KEY = Octets.ascii("sec-websocket-key");

    private static final byte[] HOST_LINE = Octets.ascii("Host: ");
    private static final byte[] LENGTH = Octets.ascii("content-length");
    private static final byte[] SEMICOLON = Octets.ascii("; ");
    private static final byte[] COOKIE_LINE = Octets.ascii("Cookie: ");
    private static final byte[] COLON = Octets.ascii(": ");
    private static final byte[] CRLF = Octets.ascii("\r\n");
    private static final byte[] HTTP_1_1 = Octets.ascii(" HTTP/1.1\r\n");
    private static final byte[] GET = Octets.ascii("GET ");
    private static final byte[] CHUNKED = Octets.ascii("Transfer-Encoding: chunked\r\n");
    private static final byte[] UPGRADE =
            Octets.ascii("Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: ");

    private final Part method = new Part();
    private final Part scheme = new Part();
    private final Part authority = new Part();
    private final Part path = new Part();
    private final Part protocol = new Part();
    private final Part host = new Part();
    private final Output text = new Output(1024);
    private final Output cookies = new Output(256);

    private Refusal refusal = Refusal.NONE;
    private boolean started;
    private boolean lengthGiven;

    @Override
    public void begin() {
        method.clear();
        scheme.clear();
        authority.clear();
        path.clear();
        protocol.clear();
        host.clear();
        text.clear();
        cookies.clear();
        refusal = Refusal.NONE;
        started = false;
        lengthGiven = false;
    }

    /** What was written, once {@link #head} or {@link #trailers} found nothing wrong. */
    public Output text() {
        return text;
    }

    @Override
    public void field(
            byte[] name, int nameFrom, int nameTo, byte[] value, int valueFrom, int valueTo) {
        if (refusal != Refusal.NONE) {
            return;
        }
        if (nameFrom < nameTo && name[nameFrom] == ':') {
            refusal = pseudo(name, nameFrom, nameTo, value, valueFrom, valueTo);
            return;
        }
        started = true;
        refusal = FieldRules.judge(name, nameFrom, nameTo, value, valueFrom, valueTo);
        if (refusal != Refusal.NONE) {
            return;
        }
        if (FieldRules.is(name, nameFrom, nameTo, COOKIE)) {
            // RFC 9113 8.2.3: crumbs are joined.
            cookies.put(cookies.length() == 0 ? COOKIE_LINE : SEMICOLON);
            cookies.put(value, valueFrom, valueTo);
        } else if (FieldRules.is(name, nameFrom, nameTo, HOST)) {
            if (!host.give(value, valueFrom, valueTo)) {
                refusal = Refusal.SEVERAL_HOSTS;
            }
        } else if (!FieldRules.is(name, nameFrom, nameTo, KEY)) {
            lengthGiven |= FieldRules.is(name, nameFrom, nameTo, LENGTH);
            line(name, nameFrom, nameTo, value, valueFrom, valueTo);
        }
    }

    private void line(
            byte[] name, int nameFrom, int nameTo, byte[] value, int valueFrom, int valueTo) {
        text.put(name, nameFrom, nameTo);
        text.put(COLON);
        text.put(value, valueFrom, valueTo);
        text.put(CRLF);
    }

    private Refusal pseudo(
            byte[] name, int nameFrom, int nameTo, byte[] value, int valueFrom, int valueTo) {
        Part part =
                FieldRules.is(name, nameFrom, nameTo, METHOD)
                        ? method
                        : FieldRules.is(name, nameFrom, nameTo, PATH)
                                ? path
                                : FieldRules.is(name, nameFrom, nameTo, SCHEME)
                                        ? scheme
                                        : FieldRules.is(name, nameFrom, nameTo, AUTHORITY)
                                                ? authority
                                                : FieldRules.is(name, nameFrom, nameTo, PROTOCOL)
                                                        ? protocol
                                                        : null;
        return part == null || started || !part.give(value, valueFrom, valueTo)
                ? Refusal.BAD_PSEUDO_FIELD
                : Refusal.NONE;
    }

    /** Whether a WebSocket is asked for (RFC 8441 4). */
    public boolean upgrades() {
        return protocol.given;
    }

    /**
     * The block was a request's head.
     *
     * @param ends whether the stream ends with it: there is no content
     * @param key for a server that is asked to upgrade (RFC 8441 5): base64 of sixteen octets
     * @return what is wrong with it
     */
    public Refusal head(boolean ends, byte[] key) {
        if (refusal == Refusal.NONE) {
            refusal = pseudoFields();
        }
        if (refusal != Refusal.NONE) {
            return refusal;
        }
        // The start line was not known to be whole before the last field: it is put in front.
        int fields = text.length();
        boolean upgrades = upgrades();
        if (upgrades) {
            text.put(GET);
        } else {
            put(method);
            text.put(Octets.SP);
        }
        put(method.is(CONNECT) && !upgrades ? authority : path);
        text.put(HTTP_1_1);
        Part named = authority.given ? authority : host;
        if (named.given) {
            text.put(HOST_LINE);
            put(named);
            text.put(CRLF);
        }
        text.rotate(fields);
        if (cookies.length() > 0) {
            text.put(cookies.bytes(), 0, cookies.length());
            text.put(CRLF);
        }
        if (upgrades) {
            text.put(UPGRADE);
            text.put(key);
            text.put(CRLF);
        } else if (!ends && !lengthGiven) {
            text.put(CHUNKED);
        }
        text.put(CRLF);
        return Refusal.NONE;
    }

    private void put(Part part) {
        text.put(part.bytes, part.from, part.to);
    }

    /** RFC 9113 8.3.1, 8.5; RFC 8441 4. */
    private Refusal pseudoFields() {
        if (!method.given || !isToken(method)) {
            return Refusal.BAD_PSEUDO_FIELD;
        }
        boolean connects = method.is(CONNECT);
        if (connects && !protocol.given) {
            return authority.given && !scheme.given && !path.given && isTarget(authority)
                    ? Refusal.NONE
                    : Refusal.BAD_PSEUDO_FIELD;
        }
        if (protocol.given && (!connects || !protocol.is(WEBSOCKET))) {
            return Refusal.BAD_PSEUDO_FIELD;
        }
        if (!scheme.given || !isToken(scheme) || !path.given || !isTarget(path)) {
            return Refusal.BAD_PSEUDO_FIELD;
        }
        boolean asterisk = path.to - path.from == 1 && path.bytes[path.from] == '*';
        if (path.bytes[path.from] != '/' && !(asterisk && method.is(OPTIONS))) {
            return Refusal.BAD_PSEUDO_FIELD;
        }
        if (authority.given
                && (!FieldRules.isValue(authority.bytes, authority.from, authority.to)
                        || (host.given && !sameHost()))) {
            return Refusal.HOST_MISMATCH;
        }
        return Refusal.NONE;
    }

    private boolean sameHost() {
        if (host.to - host.from != authority.to - authority.from) {
            return false;
        }
        for (int i = 0; i < host.to - host.from; i++) {
            if (lower(host.bytes[host.from + i]) != lower(authority.bytes[authority.from + i])) {
                return false;
            }
        }
        return true;
    }

    private static int lower(byte b) {
        return b >= 'A' && b <= 'Z' ? b | 0x20 : b;
    }

    private static boolean isToken(Part part) {
        for (int i = part.from; i < part.to; i++) {
            if (Octets.token(part.bytes[i]) == 0) {
                return false;
            }
        }
        return part.from < part.to;
    }

    private static boolean isTarget(Part part) {
        for (int i = part.from; i < part.to; i++) {
            if (!Octets.isTarget(part.bytes[i])) {
                return false;
            }
        }
        return part.from < part.to;
    }

    @Override
    public Refusal trailers() {
        boolean pseudo =
                method.given || scheme.given || authority.given || path.given || protocol.given;
        if (refusal == Refusal.NONE && pseudo) {
            refusal = Refusal.BAD_PSEUDO_FIELD;
        }
        text.put(CRLF);
        return refusal;
    }
}
