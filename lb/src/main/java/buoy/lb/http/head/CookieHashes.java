package buoy.lb.http.head;

import buoy.lb.select.Hash;
import buoy.lb.select.Selector;

/** Hashes of cookies' values (RFC 6265 4). Nothing is made for them. */
public final class CookieHashes {
    private CookieHashes() {}

    /**
     * Of the value of the first cookie with this name in a request; {@link Selector#NO_KEY} without
     * one.
     *
     * @param route only what stands behind the last dot of the value, if there is one
     */
    public static long sent(RequestHead head, byte[] name, boolean route) {
        for (int line = 0; line < head.count; line++) {
            if (head.fields[line] != Field.COOKIE) {
                continue;
            }
            int end = head.valueEnd(line);
            int p = head.valueStart(line);
            while (p < end) {
                int pairEnd = end(head.bytes, p, end);
                if (isNamed(head.bytes, p, pairEnd, name)) {
                    return value(head.bytes, p + name.length + 1, pairEnd, route);
                }
                p = pairEnd + 1;
                while (p < end && head.bytes[p] == Octets.SP) {
                    p++;
                }
            }
        }
        return Selector.NO_KEY;
    }

    /** Of the value to which a response sets a cookie; {@link Selector#NO_KEY} if it does not. */
    public static long set(ResponseHead head, byte[] name) {
        for (int line = 0; line < head.count; line++) {
            if (head.fields[line] == Field.SET_COOKIE) {
                int from = head.valueStart(line);
                int pairEnd = end(head.bytes, from, head.valueEnd(line));
                if (isNamed(head.bytes, from, pairEnd, name)) {
                    return value(head.bytes, from + name.length + 1, pairEnd, false);
                }
            }
        }
        return Selector.NO_KEY;
    }

    /** The next semicolon, or the end. */
    private static int end(byte[] bytes, int from, int to) {
        int p = from;
        while (p < to && bytes[p] != ';') {
            p++;
        }
        return p;
    }

    private static boolean isNamed(byte[] bytes, int from, int to, byte[] name) {
        if (to - from <= name.length || bytes[from + name.length] != '=') {
            return false;
        }
        for (int i = 0; i < name.length; i++) {
            if (bytes[from + i] != name[i]) {
                return false;
            }
        }
        return true;
    }

    private static long value(byte[] bytes, int start, int end, boolean route) {
        int from = start;
        int to = end;
        while (to > from && bytes[to - 1] == Octets.SP) {
            to--;
        }
        if (to - from >= 2 && bytes[from] == '"' && bytes[to - 1] == '"') {
            from++;
            to--;
        }
        if (route) {
            int dot = to - 1;
            while (dot >= from && bytes[dot] != '.') {
                dot--;
            }
            if (dot < from) {
                return Selector.NO_KEY;
            }
            from = dot + 1;
        }
        return from == to ? Selector.NO_KEY : Hash.of(bytes, from, to);
    }
}
