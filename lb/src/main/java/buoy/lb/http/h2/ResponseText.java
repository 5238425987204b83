package buoy.lb.http.h2;

import buoy.lb.http.head.Octets;
import buoy.lb.http.head.Output;
import buoy.lb.http.head.Refusal;

/**
 * Takes the fields of one block, as they are decoded, and writes the response's head as HTTP/1.1
 * would (RFC 9113 8.3.2 backwards), or its trailer section. Reused: {@link #begin}.
 */
public final class ResponseText implements FieldText {
    private static final byte[] STATUS = Octets.ascii(":status");
    private static final byte[] LENGTH = Octets.ascii("content-length");
    private static final byte[] VERSION = Octets.ascii("HTTP/1.1 ");
    private static final byte[] COLON = Octets.ascii(": ");
    private static final byte[] CRLF = Octets.ascii("\r\n");
    private static final byte[] CHUNKED = Octets.ascii("Transfer-Encoding: chunked\r\n");

    private static final int SWITCHING_PROTOCOLS = 101;
    private static final int STATUS_AT = VERSION.length;
    private static final byte[] WEBSOCKET_ACCEPT = Octets.ascii("sec-websocket-accept");
    private static final byte[] SWITCHES =
            Octets.ascii("Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ");

    private final Output text = new Output(1024);

    private Refusal refusal = Refusal.NONE;
    private int status;
    private boolean started;
    private boolean lengthGiven;

    @Override
    public void begin() {
        text.clear();
        refusal = Refusal.NONE;
        status = 0;
        started = false;
        lengthGiven = false;
    }

    /** What was written, once {@link #head} or {@link #trailers} found nothing wrong. */
    public Output text() {
        return text;
    }

    /** The code; 0 if there is none. */
    public int status() {
        return status;
    }

    /** 1xx: another head follows. */
    public boolean isInterim() {
        return status >= 100 && status < 200;
    }

    @Override
    public void field(
            byte[] name, int nameFrom, int nameTo, byte[] value, int valueFrom, int valueTo) {
        if (refusal != Refusal.NONE) {
            return;
        }
        if (nameFrom < nameTo && name[nameFrom] == ':') {
            refusal =
                    !started && status == 0 && FieldRules.is(name, nameFrom, nameTo, STATUS)
                            ? status(value, valueFrom, valueTo)
                            : Refusal.BAD_PSEUDO_FIELD;
            return;
        }
        started = true;
        refusal = FieldRules.judge(name, nameFrom, nameTo, value, valueFrom, valueTo);
        // RFC 8441 5.1: here it says nothing.
        if (refusal == Refusal.NONE && !FieldRules.is(name, nameFrom, nameTo, WEBSOCKET_ACCEPT)) {
            lengthGiven |= FieldRules.is(name, nameFrom, nameTo, LENGTH);
            text.put(name, nameFrom, nameTo);
            text.put(COLON);
            text.put(value, valueFrom, valueTo);
            text.put(CRLF);
        }
    }

    /** Three digits; 101 has no place here (RFC 9113 8.6). */
    private Refusal status(byte[] value, int from, int to) {
        int code = 0;
        for (int i = from; i < to; i++) {
            if (value[i] < '0' || value[i] > '9') {
                return Refusal.BAD_STATUS_LINE;
            }
            code = code * 10 + value[i] - '0';
        }
        if (to - from != 3 || code < 100 || code == SWITCHING_PROTOCOLS) {
            return Refusal.BAD_STATUS_LINE;
        }
        status = code;
        text.put(VERSION);
        text.putStatus(code);
        text.put(Octets.SP);
        text.put(CRLF);
        return Refusal.NONE;
    }

    /**
     * The block was a response's head.
     *
     * @param content whether there may be content, the end of which is told by frames: without a
     *     length it goes on chunked
     * @return what is wrong with it
     */
    public Refusal head(boolean content) {
        if (refusal == Refusal.NONE && status == 0) {
            refusal = Refusal.BAD_PSEUDO_FIELD;
        }
        if (content && !lengthGiven && !isInterim()) {
            text.put(CHUNKED);
        }
        text.put(CRLF);
        return refusal;
    }

    /**
     * The block was the answer to a WebSocket's request, and says that it stands (RFC 8441 5): in
     * HTTP/1.1 a 101.
     *
     * @param proof of who takes the upgrade (RFC 6455 4.2.2)
     */
    public Refusal switches(byte[] proof) {
        int end = text.length();
        text.backTo(STATUS_AT);
        text.putStatus(SWITCHING_PROTOCOLS);
        text.added(end - text.length());
        text.put(SWITCHES);
        text.put(proof);
        text.put(CRLF);
        text.put(CRLF);
        return refusal;
    }

    @Override
    public Refusal trailers() {
        if (refusal == Refusal.NONE && status != 0) {
            refusal = Refusal.BAD_PSEUDO_FIELD;
        }
        text.put(CRLF);
        return refusal;
    }
}
