package buoy.lb.http.head;

import buoy.lb.select.Hash;
import buoy.lb.select.Selector;

/** Hashes of what a request may be bound to a server by. Nothing is made for them. */
public final class RequestHashes {
    private RequestHashes() {}

    /**
     * Of the client's address as text: the peer's, or behind a trusted proxy the last that it has
     * put into X-Forwarded-For.
     */
    public static long source(RequestHead head, ClientFacts client) {
        if (client.believed()) {
            for (int line = head.count - 1; line >= 0; line--) {
                if (head.fields[line] == Field.X_FORWARDED_FOR
                        && head.valueEnd(line) > head.valueStart(line)) {
                    return lastOfList(head.bytes, head.valueStart(line), head.valueEnd(line));
                }
            }
        }
        return Hash.of(client.address());
    }

    private static long lastOfList(byte[] bytes, int start, int end) {
        int from = end;
        while (from > start && bytes[from - 1] != ',' && bytes[from - 1] != Octets.SP) {
            from--;
        }
        return Hash.of(bytes, from, end);
    }

    /** Of path and query as they were written. */
    public static long uri(RequestHead head) {
        return Hash.of(head.bytes, head.pathStart(), head.targetEnd());
    }

    /**
     * Of the values of all fields with this name: which of them a server goes by is not known.
     * {@link Selector#NO_KEY} without one.
     *
     * @param lower the name in lower case
     */
    public static long field(RequestHead head, byte[] lower) {
        long all = Selector.NO_KEY;
        boolean first = true;
        for (int line = 0; line < head.count; line++) {
            if (head.isNamed(line, lower)) {
                long value = Hash.of(head.bytes, head.valueStart(line), head.valueEnd(line));
                all = first ? value : Hash.mix(all) ^ value;
                first = false;
            }
        }
        return all;
    }
}
