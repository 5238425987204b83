package buoy.lb.http.head;

import org.jspecify.annotations.Nullable;

/**
 * The request's head as the server gets it: always HTTP/1.1 and origin-form (RFC 9112 3.2.1), Host
 * that of the target, hop-by-hop fields gone (RFC 9110 7.6.1), and who asked.
 *
 * <p>X-Forwarded-*: what the client says of itself is replaced, unless it is a trusted proxy: then
 * its X-Forwarded-For and Forwarded are appended to, and its other fields stand.
 * X-Client-Cert-Subject is what it has proven here, or what a trusted proxy says where nothing is
 * to be proven.
 */
public final class RequestRewrite {
    private static final byte[] HTTP_1_1 = Octets.ascii(" HTTP/1.1\r\n");
    private static final byte[] HOST = Octets.ascii("Host: ");
    private static final byte[] FOR = Octets.ascii("X-Forwarded-For: ");
    private static final byte[] FORWARDED = Octets.ascii("Forwarded: ");
    private static final byte[] FORWARDED_HOST = Octets.ascii("X-Forwarded-Host: ");
    private static final byte[] COMMA = Octets.ascii(", ");
    private static final byte[] VIA = Octets.ascii("Via: 1.1 buoy\r\n");
    private static final byte[] VIA_2_0 = Octets.ascii("Via: 2.0 buoy\r\n");
    private static final byte[] VIA_1_0 = Octets.ascii("Via: 1.0 buoy\r\n");
    private static final byte[] CHUNKED = Octets.ascii("Transfer-Encoding: chunked\r\n");
    private static final byte[] UPGRADE =
            Octets.ascii("Connection: Upgrade\r\nUpgrade: websocket\r\n");
    private static final byte[] TRAILERS = Octets.ascii("Connection: TE\r\nTE: trailers\r\n");
    private static final byte[] MAX_FORWARDS = Octets.ascii("Max-Forwards: ");
    private static final byte[] CRLF = Octets.ascii("\r\n");

    private RequestRewrite() {}

    /** Appends the head. The head's index is marked: it can be written again, the same way. */
    public static void write(RequestHead head, ClientFacts client, Output to) {
        begin(head, client, to);
        to.put(CRLF);
    }

    /** As {@link #write}, with the listener's changes, if it has any. */
    public static void write(
            RequestHead head,
            ClientFacts client,
            @Nullable FieldEdits edits,
            RequestId id,
            Output to) {
        if (edits != null) {
            edits.drop(head);
        }
        begin(head, client, to);
        if (edits != null) {
            edits.put(head, client, id, to);
        }
        to.put(CRLF);
    }

    private static void begin(RequestHead head, ClientFacts client, Output to) {
        boolean[] said = NOTHING_SAID;
        if (!head.plain) {
            said = forwarded(head, client);
        }
        if (head.keepsRequestLine()) {
            to.putFields(head, head.start);
        } else {
            requestLine(head, client, to);
            to.putFields(head, head.fieldsStart());
        }
        whoAsked(head, client, said, to);
        to.put(head.isHttp2() ? VIA_2_0 : head.isHttp10() ? VIA_1_0 : VIA);
        if (head.isChunked()) {
            to.put(CHUNKED);
        }
        if (head.isWebSocket()) {
            to.put(UPGRADE);
        } else if (head.takesTrailers()) {
            to.put(TRAILERS);
        }
        if (head.maxForwards() > 0) {
            to.put(MAX_FORWARDS);
            to.put(Integer.toString(head.maxForwards() - 1));
            to.put(CRLF);
        }
    }

    private static void requestLine(RequestHead head, ClientFacts client, Output to) {
        byte[] newPath = head.newPath();
        to.put(head.bytes, head.start, head.methodEnd() + 1);
        if (head.isAsterisk()) {
            to.put((byte) '*');
        } else if (newPath != null) {
            to.put(newPath);
            to.put(head.bytes, head.pathEnd(), head.targetEnd());
        } else {
            if (head.sentPathStart() == head.pathEnd()) {
                to.put((byte) '/');
            }
            to.put(head.bytes, head.sentPathStart(), head.targetEnd());
        }
        to.put(HTTP_1_1);
        if (head.targetNamesHost()) {
            to.put(HOST);
            to.put(head.bytes, head.hostStart(), head.hostEnd());
            to.put(CRLF);
        } else if (head.hostStart() == head.hostEnd()) {
            to.put(client.hostLine());
        }
    }

    private static final boolean[] NOTHING_SAID = new boolean[3];
    private static final int PROTO = 0;
    private static final int HOST_SAID = 1;
    private static final int PORT = 2;

    /** Drops what must not stand; tells what a trusted proxy has said already. */
    private static boolean[] forwarded(RequestHead head, ClientFacts client) {
        boolean[] said = NOTHING_SAID;
        for (int line = 0; line < head.count; line++) {
            switch (head.fields[line]) {
                case X_CLIENT_CERT_SUBJECT -> {
                    if (!client.takesWord(head.fields[line])) {
                        head.drop(line);
                    }
                }
                case FORWARDED, X_FORWARDED_FOR -> head.drop(line);
                case X_FORWARDED_PROTO -> said = said(head, client, line, said, PROTO);
                case X_FORWARDED_HOST -> said = said(head, client, line, said, HOST_SAID);
                case X_FORWARDED_PORT -> said = said(head, client, line, said, PORT);
                default -> {}
            }
        }
        return said;
    }

    private static boolean[] said(
            RequestHead head, ClientFacts client, int line, boolean[] said, int what) {
        if (!client.believed()) {
            head.drop(line);
            return said;
        }
        boolean[] more = said == NOTHING_SAID ? new boolean[3] : said;
        more[what] = true;
        return more;
    }

    /** What the proxies before us say, and then whom we see. */
    private static void forwardedFor(RequestHead head, ClientFacts client, Output to) {
        boolean begun = list(head, Field.X_FORWARDED_FOR, FOR, to);
        if (client.known()) {
            to.put(begun ? COMMA : FOR);
            to.put(client.address());
            begun = true;
        }
        if (begun) {
            to.put(CRLF);
        }
    }

    /** What came with all lines of a field, as the beginning of one; whether there was any. */
    private static boolean list(RequestHead head, Field field, byte[] name, Output to) {
        boolean begun = false;
        for (int line = 0; line < head.count; line++) {
            if (head.fields[line] == field && head.valueEnd(line) > head.valueStart(line)) {
                to.put(begun ? COMMA : name);
                to.put(head.bytes, head.valueStart(line), head.valueEnd(line));
                begun = true;
            }
        }
        return begun;
    }

    private static void whoAsked(RequestHead head, ClientFacts client, boolean[] said, Output to) {
        if (client.believed()) {
            forwardedFor(head, client, to);
            if (list(head, Field.FORWARDED, FORWARDED, to)) {
                to.put(client.forwardedElement());
            }
            if (!said[PROTO]) {
                to.put(client.protoLine());
            }
            if (!said[PORT]) {
                to.put(client.portLine());
            }
        } else {
            to.put(client.lines());
        }
        byte[] subjectLine = client.subjectLine();
        if (subjectLine != null) {
            to.put(subjectLine);
        }
        if (!said[HOST_SAID] && head.hostEnd() > head.hostStart()) {
            to.put(FORWARDED_HOST);
            to.put(head.bytes, head.hostStart(), head.hostEnd());
            to.put(CRLF);
        }
    }
}
