// Longer than 200 lines: the request line's grammar and the judgement of its fields belong
// together.
package buoy.lb.http.head;

import buoy.config.model.Deviation;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A request's head (RFC 9112 3): the index of its lines, and what a proxy must know of it. */
public final class RequestHead extends Head {
    private static final byte[] CONTENT_TYPE = Octets.ascii("content-type");
    private static final byte[] GRPC = Octets.ascii("application/grpc");
    private static final byte[] CHUNKED = Octets.ascii("chunked");
    private static final byte[] WEBSOCKET = Octets.ascii("websocket");
    private static final byte[] WEBSOCKET_KEY = Octets.ascii("sec-websocket-key");
    private static final byte[] TRAILERS = Octets.ascii("trailers");
    private static final byte[] HEX = Octets.ascii("0123456789ABCDEF");
    private static final byte[] CONTINUE = Octets.ascii("100-continue");

    private int methodEnd;
    private int targetStart;
    private int targetEnd;
    private int pathEnd;
    private int lineEnd;
    private boolean plainPath;
    private boolean originForm;
    private boolean asterisk;
    private int minor;
    private int hostStart;
    private int hostEnd;
    private int authorityStart;
    private int authorityEnd;
    private Method method = Method.OTHER;

    private int hostLine;
    private long contentLength;
    private boolean chunked;
    private boolean websocket;
    private boolean trailers;
    private boolean expectsContinue;
    private int maxForwards;
    private boolean http2;

    private int stripped;
    private byte @Nullable [] newPath;

    /**
     * A head of at most {@code maxBytes} in all (request line and empty line included) and {@code
     * maxFields} field lines.
     */
    public RequestHead(int maxBytes, int maxFields) {
        this(maxBytes, maxFields, Lenience.NONE);
    }

    /**
     * As {@link #RequestHead(int, int)}, of clients that are let through with some deviations. What
     * is let through stands here as the standard has it.
     */
    public RequestHead(int maxBytes, int maxFields, Lenience lenience) {
        super(maxBytes, maxFields, true, false, lenience);
    }

    @Override
    public void clear() {
        super.clear();
        hostEnd = 0;
        hostStart = 0;
        authorityStart = 0;
        authorityEnd = 0;
        stripped = 0;
        newPath = null;
        http2 = false;
    }

    /**
     * Becomes the same as another, which is complete and of the same limits. This one is as new.
     */
    public void copy(RequestHead other) {
        http2 = other.http2;
        takeAsMuchAs(other);
        add(other.bytes(), 0, other.end());
        if (parse() != Parsed.COMPLETE) {
            throw new IllegalArgumentException("not a whole head");
        }
        stripped = other.stripped;
        newPath = other.newPath;
    }

    /** What is added is the text of a head that came as HTTP/2. */
    public void ofHttp2() {
        http2 = true;
    }

    /** Whether it came as HTTP/2. */
    public boolean isHttp2() {
        return http2;
    }

    // ---- the request line ----

    @Override
    int startLine(int p, int to) {
        int from = p;
        byte[] b = bytes;
        if (p == 0 && to > 0 && b[0] == Octets.CR) {
            // RFC 9112 2.2: one empty line before the request line is ignored.
            int next = lineEnd(0, to, Refusal.BAD_METHOD);
            if (next < 0) {
                return next;
            }
            start = next;
            p = next;
        }
        while (p < to && Octets.TOKEN[b[p] & 0xff] != 0) {
            p++;
        }
        if (p == to) {
            return need();
        }
        if (b[p] != Octets.SP || p == start) {
            return refuse(Refusal.BAD_METHOD);
        }
        methodEnd = p++;
        targetStart = p;
        int query = -1;
        boolean slash = false;
        int special = 0;
        int raw = 0;
        boolean rawToo = lenience.lets(Deviation.RAW_TARGET);
        for (byte kind;
                p < to && ((kind = Octets.TARGET[b[p] & 0xff]) != 0 || (rawToo && b[p] < 0));
                p++) {
            raw += b[p] < 0 ? 1 : 0;
            if (b[p] == '?' && query < 0) {
                query = p;
            } else if (query < 0) {
                special |= kind;
                special |= slash && b[p] == '/' ? Octets.SPECIAL : 0;
                slash = b[p] == '/';
            }
        }
        if (p == to) {
            return need();
        }
        if (b[p] != Octets.SP || p == targetStart) {
            return refuse(
                    b[p] == Octets.CR || b[p] == Octets.LF
                            ? Refusal.BAD_REQUEST_LINE
                            : Refusal.BAD_TARGET);
        }
        if (raw > 0) {
            escape(targetStart, p, raw);
            return startLine(from, to + 2 * raw);
        }
        targetEnd = p++;
        pathEnd = query < 0 ? targetEnd : query;
        plainPath = special != Octets.SPECIAL;
        if (to - p < 8) {
            return need();
        }
        int versionAt = p;
        p += 8;
        int next = lineEnd(p, to, Refusal.BAD_REQUEST_LINE);
        if (next < 0) {
            return next;
        }
        lineEnd = next;
        Refusal wrong = version(versionAt);
        if (wrong == Refusal.NONE) {
            wrong = target();
        }
        return wrong == Refusal.NONE ? next : refuse(wrong);
    }

    /** Octets beyond ASCII become what RFC 3986 2.1 has for them. */
    private void escape(int from, int to, int raw) {
        insert(to, 2 * raw);
        byte[] b = bytes;
        int at = to + 2 * raw;
        for (int i = to - 1; i >= from; i--) {
            if (b[i] < 0) {
                b[--at] = HEX[b[i] & 15];
                b[--at] = HEX[b[i] >> 4 & 15];
                b[--at] = '%';
            } else {
                b[--at] = b[i];
            }
        }
    }

    private Refusal version(int p) {
        byte[] b = bytes;
        if (b[p] != 'H'
                || b[p + 1] != 'T'
                || b[p + 2] != 'T'
                || b[p + 3] != 'P'
                || b[p + 4] != '/'
                || b[p + 6] != '.') {
            return Refusal.BAD_VERSION;
        }
        int major = b[p + 5] - '0';
        minor = b[p + 7] - '0';
        if (major < 0 || major > 9 || minor < 0 || minor > 9) {
            return Refusal.BAD_VERSION;
        }
        return major == 1 && minor <= 1 ? Refusal.NONE : Refusal.UNKNOWN_VERSION;
    }

    private Refusal target() {
        byte[] b = bytes;
        method = Method.of(b, start, methodEnd);
        if (method == Method.CONNECT) {
            return Refusal.CONNECT_REFUSED;
        }
        if (method == Method.TRACE) {
            return Refusal.TRACE_REFUSED;
        }
        asterisk = false;
        originForm = b[targetStart] == '/';
        if (originForm) {
            return Refusal.NONE;
        }
        if (targetEnd - targetStart == 1 && b[targetStart] == '*') {
            asterisk = true;
            return method == Method.OPTIONS ? Refusal.NONE : Refusal.BAD_TARGET;
        }
        return absoluteForm();
    }

    /** RFC 9112 3.2.2: {@code http://AUTHORITY[/PATH][?QUERY]}; its authority stands for Host. */
    private Refusal absoluteForm() {
        byte[] b = bytes;
        int p = targetStart;
        int colon = p;
        while (colon < targetEnd && b[colon] != ':') {
            colon++;
        }
        if (!Octets.equalsIgnoreCase(b, p, colon, HTTP)
                && !Octets.equalsIgnoreCase(b, p, colon, HTTPS)) {
            return Refusal.BAD_TARGET;
        }
        if (targetEnd - colon < 4 || b[colon + 1] != '/' || b[colon + 2] != '/') {
            return Refusal.BAD_TARGET;
        }
        authorityStart = colon + 3;
        int end = authorityStart;
        while (end < targetEnd && b[end] != '/' && b[end] != '?') {
            end++;
        }
        authorityEnd = end;
        if (!isHost(authorityStart, authorityEnd)) {
            return Refusal.BAD_TARGET;
        }
        targetStart = end;
        pathEnd = Math.max(pathEnd, end);
        asterisk = method == Method.OPTIONS && end == targetEnd;
        // The double slash behind the scheme made the path look special.
        plainPath = false;
        return Refusal.NONE;
    }

    private static final byte[] HTTP = Octets.ascii("http");
    private static final byte[] HTTPS = Octets.ascii("https");

    @Override
    Refusal startLineTooLong() {
        return Refusal.TARGET_TOO_LONG;
    }

    // ---- the fields ----

    @Override
    Refusal finish() {
        hostLine = -1;
        contentLength = -1;
        chunked = false;
        websocket = false;
        trailers = false;
        expectsContinue = false;
        maxForwards = -1;
        boolean upgrades = false;
        int keys = 0;
        int versions = 0;
        for (int line = 0; line < count; line++) {
            Refusal wrong = Refusal.NONE;
            switch (fields[line]) {
                case HOST -> wrong = host(line);
                case CONTENT_LENGTH -> wrong = contentLength(line);
                case TRANSFER_ENCODING -> wrong = transferEncoding(line);
                case CONNECTION -> {
                    wrong = readOptions(line);
                    drop(line);
                }
                case UPGRADE -> {
                    upgrades |= valueIs(line, WEBSOCKET);
                    drop(line);
                }
                case TE -> {
                    trailers |= valueIs(line, TRAILERS);
                    drop(line);
                }
                case EXPECT -> wrong = expect(line);
                case MAX_FORWARDS -> wrong = maxForwards(line);
                case SEC_WEBSOCKET_KEY -> keys += isKey(line) ? 1 : 2;
                case SEC_WEBSOCKET_VERSION -> versions++;
                case KEEP_ALIVE, PROXY_CONNECTION, HTTP2_SETTINGS, UNDERSCORE -> drop(line);
                case UNDERSCORE_KEPT -> {
                    if (hasTwin(line)) {
                        drop(line);
                    }
                }
                default -> {}
            }
            if (wrong != Refusal.NONE) {
                return wrong;
            }
        }
        if (hostLine < 0 && minor == 1) {
            return Refusal.NO_HOST;
        }
        if (chunked && contentLength >= 0) {
            return Refusal.LENGTH_AND_CHUNKED;
        }
        if (upgrades && (options & UPGRADE) != 0 && minor == 1) {
            return upgrade(keys, versions);
        }
        return Refusal.NONE;
    }

    private Refusal host(int line) {
        if (hostLine >= 0) {
            return Refusal.SEVERAL_HOSTS;
        }
        hostLine = line;
        int from = valueStart(line);
        int to = valueEnd(line);
        if (!isHost(from, to)) {
            return Refusal.BAD_HOST;
        }
        if (authorityEnd > 0) {
            // RFC 9112 3.2.2: the target's authority is the one that counts.
            drop(line);
        } else {
            hostStart = from;
            hostEnd = to;
        }
        return Refusal.NONE;
    }

    private boolean isHost(int from, int to) {
        byte[] b = bytes;
        int p = from;
        if (p < to && b[p] == '[') {
            do {
                p++;
            } while (p < to && (Octets.HEX[b[p] & 0xff] >= 0 || b[p] == ':' || b[p] == '.'));
            if (p == to || b[p] != ']' || p - from < 3) {
                return false;
            }
            p++;
        } else {
            while (p < to && Octets.HOST[b[p] & 0xff] != 0) {
                p++;
            }
            if (p == from) {
                return false;
            }
        }
        if (p < to && b[p] == ':') {
            int port = 0;
            int digits = 0;
            for (p++; p < to && b[p] >= '0' && b[p] <= '9' && digits < 5; p++, digits++) {
                port = port * 10 + b[p] - '0';
            }
            return p == to && port <= 65535;
        }
        return p == to;
    }

    private Refusal contentLength(int line) {
        if (contentLength >= 0) {
            return Refusal.BAD_CONTENT_LENGTH;
        }
        contentLength = number(line);
        return contentLength < 0 ? Refusal.BAD_CONTENT_LENGTH : Refusal.NONE;
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

    private Refusal expect(int line) {
        if (minor == 0) {
            drop(line);
            return Refusal.NONE;
        }
        expectsContinue = valueIs(line, CONTINUE);
        return expectsContinue ? Refusal.NONE : Refusal.BAD_EXPECTATION;
    }

    private Refusal maxForwards(int line) {
        if (method != Method.OPTIONS) {
            return Refusal.NONE;
        }
        long number = number(line);
        if (number < 0 || maxForwards >= 0) {
            return Refusal.BAD_MAX_FORWARDS;
        }
        maxForwards = (int) Math.min(number, 255);
        drop(line);
        return Refusal.NONE;
    }

    /** RFC 6455 4.2.1: sixteen octets in base64. */
    private boolean isKey(int line) {
        int from = valueStart(line);
        int to = valueEnd(line);
        return to - from == 24 && bytes[to - 1] == '=' && bytes[to - 2] == '=';
    }

    private Refusal upgrade(int keys, int versions) {
        if (method != Method.GET || chunked || contentLength > 0 || keys != 1 || versions != 1) {
            return Refusal.BAD_UPGRADE;
        }
        websocket = true;
        return Refusal.NONE;
    }

    // ---- what a proxy asks ----

    /** The method, if it is one that makes a difference. */
    public Method method() {
        return method;
    }

    /** HTTP/1.0 rather than 1.1. */
    public boolean isHttp10() {
        return minor == 0;
    }

    /** Whether the client wants the connection kept (RFC 9112 9.3). */
    public boolean keepAlive() {
        return (options & CLOSE) == 0 && (minor == 1 || (options & KEEP_ALIVE) != 0);
    }

    /** Bytes of body announced; -1 without Content-Length. */
    public long contentLength() {
        return contentLength;
    }

    public boolean isChunked() {
        return chunked;
    }

    public boolean hasBody() {
        return chunked || contentLength > 0;
    }

    /** A WebSocket handshake (RFC 6455 4.1): {@code Connection: upgrade} and {@code websocket}. */
    public boolean isWebSocket() {
        return websocket;
    }

    /** What a WebSocket handshake's {@code Sec-WebSocket-Key} says. */
    public byte[] webSocketKey() {
        int line = line(WEBSOCKET_KEY);
        return line < 0 ? new byte[0] : Arrays.copyOfRange(bytes, valueStart(line), valueEnd(line));
    }

    /** Whether {@code TE: trailers} was said. */
    public boolean takesTrailers() {
        return trailers;
    }

    /** Whether its content is of gRPC: {@code application/grpc}, {@code application/grpc+proto}. */
    public boolean isGrpc() {
        int line = line(CONTENT_TYPE);
        if (line < 0) {
            return false;
        }
        int from = valueStart(line);
        int end = from + GRPC.length;
        return end <= valueEnd(line)
                && Octets.equalsIgnoreCase(bytes, from, end, GRPC)
                && (end == valueEnd(line) || bytes[end] == '+' || bytes[end] == ';');
    }

    public boolean expectsContinue() {
        return expectsContinue;
    }

    /** {@code Max-Forwards} of an OPTIONS request, at most 255; -1 without. */
    public int maxForwards() {
        return maxForwards;
    }

    /** {@code OPTIONS *}: about the server, not a path. */
    public boolean isAsterisk() {
        return asterisk;
    }

    /** Whether path routing may use the path as it stands: no escapes, dots, params, {@code //}. */
    public boolean hasPlainPath() {
        return plainPath;
    }

    /** Whether the request line can go on as it came. */
    boolean keepsRequestLine() {
        return originForm && minor == 1 && stripped == 0 && newPath == null;
    }

    /** Leaves out so many bytes of the path when the request is sent on. */
    public void stripPath(int bytesAtStart) {
        stripped = bytesAtStart;
    }

    /** Sends on another path. */
    public void replacePath(byte[] path) {
        newPath = path;
    }

    /** The path to send on, if it is not a part of the one received. */
    byte @Nullable [] newPath() {
        return newPath;
    }

    /** Where the path to send on begins. */
    int sentPathStart() {
        return targetStart + stripped;
    }

    /** The array all offsets are into. Read only, and only until {@link #clear()}. */
    public byte[] bytes() {
        return bytes;
    }

    /** The host and port asked for: from the target, else from Host; empty if neither (1.0). */
    public int hostStart() {
        return authorityEnd > 0 ? authorityStart : hostStart;
    }

    public int hostEnd() {
        return authorityEnd > 0 ? authorityEnd : hostEnd;
    }

    /** The path, without query; empty for an absolute form without one, and for {@code *}. */
    public int pathStart() {
        return targetStart;
    }

    public int pathEnd() {
        return pathEnd;
    }

    /** Path and query. */
    public int targetEnd() {
        return targetEnd;
    }

    public int methodStart() {
        return start;
    }

    public int methodEnd() {
        return methodEnd;
    }

    /**
     * The first field line of this name; -1 if there is none.
     *
     * @param name in lower case
     */
    public int line(byte[] name) {
        for (int line = 0; line < count; line++) {
            if (isNamed(line, name)) {
                return line;
            }
        }
        return -1;
    }

    /**
     * Whether behind this line there is another of this name: which of them counts is then
     * anybody's guess.
     *
     * @param name in lower case
     */
    public boolean hasAnother(int line, byte[] name) {
        for (int next = line + 1; next < count; next++) {
            if (isNamed(next, name)) {
                return true;
            }
        }
        return false;
    }

    public boolean methodIs(byte[] name) {
        return Arrays.equals(bytes, start, methodEnd, name, 0, name.length);
    }

    /**
     * Whether a line of this name has exactly this value. What is not sent on does not count, and
     * neither does what the client may not say of itself.
     *
     * @param name in lower case
     */
    public boolean has(byte[] name, byte[] value, ClientFacts client) {
        for (int line = 0; line < count; line++) {
            if (isNamed(line, name)
                    && Arrays.equals(
                            bytes, valueStart(line), valueEnd(line), value, 0, value.length)
                    && !dropped[line]
                    && client.takesWord(fields[line])) {
                return true;
            }
        }
        return false;
    }

    /** Behind the request line. */
    int fieldsStart() {
        return lineEnd;
    }

    boolean targetNamesHost() {
        return authorityEnd > 0;
    }

    /** The method as it was written. */
    public String methodText() {
        return text(start, methodEnd);
    }

    /** The host and port asked for. */
    public String hostText() {
        return text(hostStart(), hostEnd());
    }

    /** Path and query as they were written. */
    public String targetText() {
        return text(targetStart, targetEnd);
    }
}
