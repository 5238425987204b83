package buoy.lb.http.head;

/** The response's head as the client gets it. */
public final class ResponseRewrite {
    private static final byte[] HTTP_1_1 = Octets.ascii("HTTP/1.1 ");
    private static final byte[] CHUNKED = Octets.ascii("Transfer-Encoding: chunked\r\n");
    private static final byte[] CLOSE = Octets.ascii("Connection: close\r\n");
    private static final byte[] KEEP_ALIVE = Octets.ascii("Connection: keep-alive\r\n");
    private static final byte[] UPGRADE =
            Octets.ascii("Connection: Upgrade\r\nUpgrade: websocket\r\n");
    private static final byte[] CRLF = Octets.ascii("\r\n");

    private ResponseRewrite() {}

    /**
     * Adds a field line to a head that was just written.
     *
     * @param line with its CRLF
     */
    public static void add(byte[] line, Output to) {
        to.takeBack(CRLF.length);
        to.put(line);
        to.put(CRLF);
    }

    /** What {@code Connection} says to the client. */
    public enum Persistence {
        /** Nothing: HTTP/1.1 keeps the connection anyway. */
        IMPLIED,
        /** The client speaks HTTP/1.0 and asked. */
        KEEP_ALIVE,
        CLOSE,
        /** The 101 of a WebSocket. */
        UPGRADE
    }

    /**
     * Appends the head.
     *
     * @param chunked whether the client gets the body chunked
     */
    public static void write(
            ResponseHead head, Persistence persistence, boolean chunked, Output to) {
        begin(head, persistence, chunked, to);
        to.put(CRLF);
    }

    /** As {@link #write}, with the listener's changes. */
    public static void write(
            ResponseHead head,
            Persistence persistence,
            boolean chunked,
            FieldEdits edits,
            RequestHead request,
            ClientFacts client,
            RequestId id,
            Output to) {
        edits.drop(head);
        begin(head, persistence, chunked, to);
        edits.put(request, client, id, to);
        to.put(CRLF);
    }

    private static void begin(
            ResponseHead head, Persistence persistence, boolean chunked, Output to) {
        if (head.keepsStatusLine()) {
            to.putFields(head, 0);
        } else {
            to.put(HTTP_1_1);
            to.putStatus(head.status());
            to.put(Octets.SP);
            to.put(head.bytes, head.reasonStart(), head.reasonEnd());
            to.put(CRLF);
            to.putFields(head, head.fieldsStart());
        }
        if (chunked) {
            to.put(CHUNKED);
        }
        switch (persistence) {
            case IMPLIED -> {}
            case KEEP_ALIVE -> to.put(KEEP_ALIVE);
            case CLOSE -> to.put(CLOSE);
            case UPGRADE -> to.put(UPGRADE);
        }
    }
}
