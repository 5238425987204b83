package buoy.lb.http.h2;

import buoy.lb.http.head.Octets;
import buoy.lb.http.head.Refusal;
import java.util.Arrays;

/** What a field of any message has to be like in HTTP/2. */
final class FieldRules {
    private static final byte[] TE = Octets.ascii("te");
    private static final byte[] TRAILERS = Octets.ascii("trailers");

    private FieldRules() {}

    /** RFC 9113 8.2.1 and 8.2.2. */
    static Refusal judge(
            byte[] name, int nameFrom, int nameTo, byte[] value, int valueFrom, int valueTo) {
        if (nameFrom == nameTo) {
            return Refusal.BAD_FIELD_NAME;
        }
        for (int i = nameFrom; i < nameTo; i++) {
            int lower = Octets.token(name[i]);
            if (lower == 0 || lower != name[i]) {
                return Refusal.BAD_FIELD_NAME;
            }
        }
        if (!isValue(value, valueFrom, valueTo)) {
            return Refusal.BAD_FIELD_VALUE;
        }
        if (ConnectionFields.has(name, nameFrom, nameTo)) {
            return Refusal.CONNECTION_FIELD;
        }
        return is(name, nameFrom, nameTo, TE) && !is(value, valueFrom, valueTo, TRAILERS)
                ? Refusal.CONNECTION_FIELD
                : Refusal.NONE;
    }

    static boolean isValue(byte[] value, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!Octets.isValue(value[i])) {
                return false;
            }
        }
        return from == to || (!Octets.isSpace(value[from]) && !Octets.isSpace(value[to - 1]));
    }

    static boolean is(byte[] bytes, int from, int to, byte[] text) {
        return Arrays.equals(bytes, from, to, text, 0, text.length);
    }
}
