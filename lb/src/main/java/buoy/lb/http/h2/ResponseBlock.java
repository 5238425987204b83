package buoy.lb.http.h2;

import buoy.lb.http.head.Octets;
import buoy.lb.http.head.Output;

/**
 * Encodes a head that was written as HTTP/1.1 as a field block (RFC 7541), names in lower case and
 * what belongs to connections left out (RFC 9113 8.2.2). Stateless: literals without indexing and
 * without Huffman's code, which costs the peer nothing and us no table.
 */
public final class ResponseBlock {
    /** {@code HTTP/1.1 200}. */
    private static final int STATUS_AT = 9;

    private static final int STATUS_END = 12;

    private ResponseBlock() {}

    /**
     * Appends the block.
     *
     * @param text a status line, field lines and the empty line, as we write them
     */
    public static void head(byte[] text, int length, Output to) {
        head(text, length, status(text), to);
    }

    /** As {@link #head(byte[], int, Output)}, with another status. */
    public static void head(byte[] text, int length, int status, Output to) {
        status(status, to);
        fields(text, lineEnd(text, 0) + 2, length, to);
    }

    /** Appends a block of fields alone: lines and the empty line. */
    public static void trailers(byte[] text, int length, Output to) {
        fields(text, 0, length, to);
    }

    /** The code in a status line. */
    public static int status(byte[] text) {
        int status = 0;
        for (int i = STATUS_AT; i < STATUS_END; i++) {
            status = status * 10 + text[i] - '0';
        }
        return status;
    }

    private static void status(int status, Output to) {
        int index =
                switch (status) {
                    case 200 -> 8;
                    case 204 -> 9;
                    case 206 -> 10;
                    case 304 -> 11;
                    case 400 -> 12;
                    case 404 -> 13;
                    case 500 -> 14;
                    default -> 0;
                };
        if (index > 0) {
            to.put((byte) (0x80 | index));
        } else {
            to.put((byte) 8);
            to.put((byte) 3);
            to.putStatus(status);
        }
    }

    private static int lineEnd(byte[] text, int from) {
        int p = from;
        while (text[p] != Octets.CR) {
            p++;
        }
        return p;
    }

    private static void fields(byte[] text, int from, int length, Output to) {
        int p = from;
        while (p < length && text[p] != Octets.CR) {
            int nameEnd = p;
            while (text[nameEnd] != ':') {
                nameEnd++;
            }
            int end = lineEnd(text, nameEnd);
            if (!ConnectionFields.has(text, p, nameEnd)) {
                field(text, p, nameEnd, end, to);
            }
            p = end + 2;
        }
    }

    static void field(byte[] text, int from, int nameEnd, int end, Output to) {
        int index = StaticTable.index(text, from, nameEnd);
        // RFC 7541 6.2.2: four bits of the index.
        number(0, 4, index, to);
        if (index == 0) {
            number(0, 7, nameEnd - from, to);
            byte[] room = to.reserve(nameEnd - from);
            for (int i = from, at = to.length(); i < nameEnd; i++, at++) {
                room[at] = Octets.token(text[i]);
            }
            to.added(nameEnd - from);
        }
        value(text, nameEnd + 1, end, to);
    }

    /** Without the space around it. */
    static void value(byte[] text, int from, int end, Output to) {
        int valueFrom = from;
        while (valueFrom < end && Octets.isSpace(text[valueFrom])) {
            valueFrom++;
        }
        int valueEnd = end;
        while (valueEnd > valueFrom && Octets.isSpace(text[valueEnd - 1])) {
            valueEnd--;
        }
        number(0, 7, valueEnd - valueFrom, to);
        to.put(text, valueFrom, valueEnd);
    }

    /** RFC 7541 5.1. */
    public static void number(int pattern, int bits, int value, Output to) {
        int most = (1 << bits) - 1;
        if (value < most) {
            to.put((byte) (pattern | value));
            return;
        }
        to.put((byte) (pattern | most));
        int left = value - most;
        while (left >= 128) {
            to.put((byte) ((left & 0x7f) | 0x80));
            left >>>= 7;
        }
        to.put((byte) left);
    }
}
