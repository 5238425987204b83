package buoy.lb.http.head;

import buoy.lb.select.Hash;
import buoy.lb.select.Selector;

/** Hashes of what a request may be bound to a server by. */
public final class RequestHashes {
    private RequestHashes() {}

    /** Of the client's address as text; behind trusted proxies, of whom they name. */
    public static long source(RequestHead head, ClientFacts client) {
        return Hash.of(Asker.text(head, client));
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
