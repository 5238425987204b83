package buoy.lb.http.head;

import java.util.Arrays;

/**
 * A response's head (RFC 9112 4). Any refusal means that the server cannot be trusted to frame its
 * messages: 502, and its connection is closed.
 */
public final class ResponseHead extends Head {
    private static final byte[] CHUNKED = Octets.ascii("chunked");
    private static final byte[] WEBSOCKET = Octets.ascii("websocket");
    private static final byte[] NTLM = Octets.ascii("ntlm");
    private static final byte[] NEGOTIATE = Octets.ascii("negotiate");

    private int status;
    private int minor;
    private int reasonStart;
    private int reasonEnd;
    private int lineEnd;
    private boolean keepsStatusLine;
    private long contentLength;
    private int lengths;
    private boolean chunked;
    private boolean websocket;
    private boolean authenticatesConnection;
    private int acceptLine;

    /** A head of at most {@code maxBytes} in all and {@code maxFields} field lines. */
    public ResponseHead(int maxBytes, int maxFields) {
        super(maxBytes, maxFields, true, true, Lenience.NONE);
    }

    // ---- the status line ----

    @Override
    int startLine(int p, int to) {
        byte[] b = bytes;
        // HTTP/1.1 200
        for (int i = p; i < Math.min(p + 12, to); i++) {
            if (!fits(b[i], i - p)) {
                return refuse(Refusal.BAD_STATUS_LINE);
            }
        }
        if (to - p < 13) {
            return need();
        }
        minor = b[p + 7] - '0';
        status = (b[p + 9] - '0') * 100 + (b[p + 10] - '0') * 10 + b[p + 11] - '0';
        int reason = p + 12;
        keepsStatusLine = minor == 1 && b[reason] == Octets.SP;
        if (b[reason] == Octets.SP) {
            reason++;
        } else if (b[reason] != Octets.CR) {
            return refuse(b[reason] == Octets.LF ? Refusal.BARE_LF : Refusal.BAD_STATUS_LINE);
        }
        int end = reason;
        while (end < to && Octets.VALUE[b[end] & 0xff] != 0) {
            end++;
        }
        int next = lineEnd(end, to, Refusal.BAD_STATUS_LINE);
        if (next < 0) {
            return next;
        }
        reasonStart = reason;
        reasonEnd = end;
        lineEnd = next;
        return next;
    }

    private static boolean fits(byte b, int at) {
        return switch (at) {
            case 0 -> b == 'H';
            case 1, 2 -> b == 'T';
            case 3 -> b == 'P';
            case 4 -> b == '/';
            case 5 -> b == '1';
            case 6 -> b == '.';
            case 7 -> b == '0' || b == '1';
            case 8 -> b == ' ';
            case 9 -> b >= '1' && b <= '9';
            default -> b >= '0' && b <= '9';
        };
    }

    @Override
    Refusal startLineTooLong() {
        return Refusal.HEADER_TOO_LARGE;
    }

    // ---- the fields ----

    @Override
    Refusal finish() {
        contentLength = -1;
        lengths = 0;
        chunked = false;
        websocket = false;
        authenticatesConnection = false;
        acceptLine = -1;
        if (plain) {
            return Refusal.NONE;
        }
        for (int line = 0; line < count; line++) {
            Refusal wrong = Refusal.NONE;
            switch (fields[line]) {
                case CONTENT_LENGTH -> wrong = contentLength(line);
                case TRANSFER_ENCODING -> wrong = transferEncoding(line);
                case CONNECTION -> {
                    wrong = readOptions(line);
                    drop(line);
                }
                case UPGRADE -> {
                    websocket |= valueIs(line, WEBSOCKET);
                    drop(line);
                }
                case WWW_AUTHENTICATE ->
                        authenticatesConnection |=
                                hasScheme(line, NTLM) || hasScheme(line, NEGOTIATE);
                case SEC_WEBSOCKET_ACCEPT -> acceptLine = line;
                case KEEP_ALIVE, PROXY_CONNECTION, TE, HTTP2_SETTINGS -> drop(line);
                default -> {}
            }
            if (wrong != Refusal.NONE) {
                return wrong;
            }
        }
        if (chunked || status < 200 || status == 204) {
            // RFC 9112 6.3 and RFC 9110 8.6: not beside chunked, and never in 1xx and 204.
            dropContentLength();
        }
        return Refusal.NONE;
    }

    /** Equal repetitions collapse into the first (RFC 9112 6.3). */
    private Refusal contentLength(int line) {
        long length = number(line);
        if (length < 0 || (lengths > 0 && length != contentLength)) {
            return Refusal.BAD_CONTENT_LENGTH;
        }
        if (lengths++ > 0) {
            drop(line);
        }
        contentLength = length;
        return Refusal.NONE;
    }

    private Refusal transferEncoding(int line) {
        if (minor == 0) {
            return Refusal.CHUNKED_IN_1_0;
        }
        if (chunked || !valueIs(line, CHUNKED)) {
            return Refusal.BAD_TRANSFER_ENCODING;
        }
        chunked = true;
        drop(line);
        return Refusal.NONE;
    }

    private boolean hasScheme(int line, byte[] scheme) {
        int from = valueStart(line);
        int to = Math.min(valueEnd(line), from + scheme.length);
        return Octets.equalsIgnoreCase(bytes, from, to, scheme);
    }

    private void dropContentLength() {
        for (int line = 0; line < count && lengths > 0; line++) {
            if (fields[line] == Field.CONTENT_LENGTH) {
                drop(line);
            }
        }
    }

    // ---- what a proxy asks ----

    public int status() {
        return status;
    }

    /** 1xx: another response follows (but for 101). */
    public boolean isInterim() {
        return status < 200;
    }

    /** Bytes of body announced; -1 without Content-Length. */
    public long contentLength() {
        return contentLength;
    }

    public boolean isChunked() {
        return chunked;
    }

    /** Both framings at once: read as chunked, and the connection is not used again. */
    public boolean isAmbiguous() {
        return chunked && lengths > 0;
    }

    /** Whether NTLM or Negotiate is under way, which make the connection the client's own. */
    public boolean authenticatesConnection() {
        return authenticatesConnection;
    }

    /** Whether the server keeps the connection (RFC 9112 9.3). */
    public boolean keepAlive() {
        return (options & CLOSE) == 0 && (minor == 1 || (options & KEEP_ALIVE) != 0);
    }

    /** A 101 that switches to WebSocket. */
    public boolean switchesToWebSocket() {
        return status == 101 && websocket && (options & UPGRADE) != 0;
    }

    /**
     * Whether the server proves that it took up the upgrade it was asked for (RFC 6455 4.2.2). The
     * proof is not sent on: it is for who made up the key.
     *
     * @param proof what it has to say
     */
    public boolean acceptsWebSocket(byte[] proof) {
        if (acceptLine < 0) {
            return false;
        }
        drop(acceptLine);
        return Arrays.equals(
                bytes, valueStart(acceptLine), valueEnd(acceptLine), proof, 0, proof.length);
    }

    /** The array all offsets are into. Read only, and only until {@link #clear()}. */
    public byte[] bytes() {
        return bytes;
    }

    boolean keepsStatusLine() {
        return keepsStatusLine;
    }

    int reasonStart() {
        return reasonStart;
    }

    int reasonEnd() {
        return reasonEnd;
    }

    int fieldsStart() {
        return lineEnd;
    }
}
