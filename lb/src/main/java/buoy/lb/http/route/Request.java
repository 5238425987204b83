package buoy.lb.http.route;

import buoy.lb.http.head.Asker;
import buoy.lb.http.head.ClientFacts;
import buoy.lb.http.head.RequestHead;
import java.net.InetAddress;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The request being looked at, for conditions. What only some of them ask for is made then. */
final class Request {
    private @Nullable RequestHead head;
    private @Nullable ClientFacts client;
    private @Nullable InetAddress asker;
    private byte[] path = {};
    private int from;
    private int to;
    private byte @Nullable [] wholePath;

    void begin(RequestHead of, ClientFacts by) {
        head = of;
        client = by;
        asker = null;
    }

    /** The path in normal form. */
    void path(byte[] bytes, int start, int end) {
        path = bytes;
        from = start;
        to = end;
        wholePath = null;
    }

    RequestHead head() {
        if (head == null) {
            throw new IllegalStateException("no request");
        }
        return head;
    }

    ClientFacts client() {
        if (client == null) {
            throw new IllegalStateException("no request");
        }
        return client;
    }

    InetAddress asker() {
        if (asker == null) {
            asker = Asker.of(head(), client());
        }
        return asker;
    }

    /** The path in an array of its own, as patterns are matched against. */
    byte[] wholePath() {
        if (wholePath == null) {
            wholePath = Arrays.copyOfRange(path, from, to);
        }
        return wholePath;
    }
}
