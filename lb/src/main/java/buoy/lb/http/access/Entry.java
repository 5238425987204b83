// Longer than 200 lines: one value with many facts, and a short method for each that becomes known.
package buoy.lb.http.access;

import buoy.lb.http.head.Asker;
import buoy.lb.http.head.ClientFacts;
import buoy.lb.http.head.RequestHead;
import buoy.lb.pool.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one exchange, for its line. Used again for the next one of its connection; what
 * it keeps of the request is copied, because an upgraded connection outlives its head. Moments are
 * in nanoseconds of one clock, of any origin.
 */
public final class Entry {
    /** A text of the request that a line may have. */
    enum Copy {
        METHOD(64),
        URI(8192),
        HOST(256),
        REFERER(2048),
        USER_AGENT(1024),
        USER(256);

        /** What is longer is cut. */
        private final int most;

        Copy(int most) {
            this.most = most;
        }
    }

    /** Connections at the time a server was chosen, the present one among them. */
    public record Crowd(int process, int listener, int pool, int server) {
        static final Crowd NOBODY = new Crowd(0, 0, 0, 0);
    }

    static final long NEVER = -1;
    private static final byte[] REFERER_NAME = "referer".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] AGENT_NAME = "user-agent".getBytes(StandardCharsets.US_ASCII);
    private static final int COPIES = Copy.values().length;

    private final String listener;
    private final int clientPort;

    private byte[] text = new byte[512];
    private int length;
    private final int[] starts = new int[COPIES];
    private final int[] ends = new int[COPIES];

    private long beganMillis;
    private long began;
    private long headAt;
    private long dialledAt;
    private long connectedAt;
    private long sentAt;
    private long answerAt;
    private long endedAt;

    private byte[] client = {};
    private String id = "";
    private boolean readable;
    private String protocol = "";
    private boolean secure;
    private String tls = "";
    private String pool = "";
    private String server = "";
    private Crowd crowd = Crowd.NOBODY;
    private int retries;
    private boolean elsewhere;
    private int status;
    private long received;
    private long sent;
    private long headSent;
    private @Nullable Reason reason;

    /**
     * Of a connection.
     *
     * @param listener its name
     * @param clientPort the peer's
     */
    public Entry(String listener, int clientPort) {
        this.listener = listener;
        this.clientPort = clientPort;
    }

    // ---- what becomes known ----

    /** The first byte of a request has come. */
    public void begin(long nanos, long epochMillis, ClientFacts facts, String tlsVersion) {
        length = 0;
        Arrays.fill(starts, 0);
        Arrays.fill(ends, 0);
        began = nanos;
        beganMillis = epochMillis;
        headAt = NEVER;
        dialledAt = NEVER;
        connectedAt = NEVER;
        sentAt = NEVER;
        answerAt = NEVER;
        endedAt = nanos;
        client = facts.address();
        secure = facts.secure();
        tls = tlsVersion;
        id = "";
        readable = false;
        pool = "";
        server = "";
        crowd = Crowd.NOBODY;
        retries = 0;
        elsewhere = false;
        status = 0;
        received = 0;
        sent = 0;
        headSent = 0;
        reason = null;
    }

    /** Its head is whole. */
    public void request(RequestHead head, ClientFacts facts, String requestId, long nanos) {
        headAt = nanos;
        readable = true;
        id = requestId;
        protocol = head.isHttp2() ? "HTTP/2.0" : head.isHttp10() ? "HTTP/1.0" : "HTTP/1.1";
        received = head.end();
        if (facts.believed()) {
            client = Asker.text(head, facts);
        }
        byte[] bytes = head.bytes();
        copy(Copy.METHOD, bytes, head.methodStart(), head.methodEnd());
        copy(Copy.URI, bytes, head.pathStart(), head.targetEnd());
        copy(Copy.HOST, bytes, head.hostStart(), head.hostEnd());
        field(Copy.REFERER, head, REFERER_NAME);
        field(Copy.USER_AGENT, head, AGENT_NAME);
    }

    /** Whom it names, as octets of UTF-8. */
    public void user(byte[] name) {
        copy(Copy.USER, name, 0, name.length);
    }

    private void field(Copy which, RequestHead head, byte[] name) {
        int line = head.line(name);
        if (line >= 0) {
            copy(which, head.bytes(), head.valueStart(line), head.valueEnd(line));
        }
    }

    @SuppressWarnings("EnumOrdinal") // places in arrays of this object
    private void copy(Copy which, byte[] from, int start, int end) {
        int n = Math.min(end - start, which.most);
        if (length + n > text.length) {
            text = Arrays.copyOf(text, Math.max(text.length * 2, length + n));
        }
        System.arraycopy(from, start, text, length, n);
        starts[which.ordinal()] = length;
        length += n;
        ends[which.ordinal()] = length;
    }

    public void received(long bytes) {
        received += bytes;
    }

    /** The pool that serves. */
    public void pool(String name) {
        pool = name;
    }

    /** A connection is there: a kept one, or one that took from {@code dialled} until now. */
    public void connected(String to, long dialled, long nanos) {
        server = to;
        dialledAt = dialled;
        connectedAt = nanos;
    }

    /**
     * The search for a connection is over, whatever came of it.
     *
     * @param to the server tried last; empty if there was none
     * @param attempted whether one was tried, and then when
     */
    public void dialled(String to, boolean attempted, long nanos) {
        server = to;
        dialledAt = attempted ? nanos : NEVER;
        connectedAt = NEVER;
        sentAt = NEVER;
        answerAt = NEVER;
    }

    public void crowd(Crowd now) {
        crowd = now;
    }

    /**
     * Tried again.
     *
     * @param another with another server
     */
    public void retried(int times, boolean another) {
        retries += times;
        elsewhere |= another && times > 0;
    }

    /** The last byte of the request was sent. */
    public void sent(long nanos) {
        sentAt = nanos;
        answerAt = NEVER;
    }

    /** The first byte of the server's answer is there. */
    public void firstByte(long nanos) {
        answerAt = nanos;
    }

    /** A head of so many bytes goes to the client; the code is 0 if it is not the last one. */
    public void answer(int code, int bytes) {
        status = code;
        headSent += bytes;
    }

    public void toClient(long bytes) {
        sent += bytes;
    }

    public void failed(Reason why) {
        reason = why;
    }

    public void end(long nanos) {
        endedAt = nanos;
    }

    // ---- what formats ask ----

    String listener() {
        return listener;
    }

    int clientPort() {
        return clientPort;
    }

    byte[] client() {
        return client;
    }

    String id() {
        return id;
    }

    /** Whether the head was read to its end and is HTTP. */
    boolean isReadable() {
        return readable;
    }

    boolean secure() {
        return secure;
    }

    String tls() {
        return tls;
    }

    String protocol() {
        return readable ? protocol : "";
    }

    byte[] text() {
        return text;
    }

    @SuppressWarnings("EnumOrdinal")
    int start(Copy which) {
        return starts[which.ordinal()];
    }

    @SuppressWarnings("EnumOrdinal")
    int end(Copy which) {
        return ends[which.ordinal()];
    }

    String pool() {
        return pool;
    }

    String server() {
        return server;
    }

    Crowd crowd() {
        return crowd;
    }

    int retries() {
        return retries;
    }

    boolean elsewhere() {
        return elsewhere;
    }

    /** 0 if the client got none. */
    int status() {
        return status;
    }

    long received() {
        return received;
    }

    long sent() {
        return sent;
    }

    long bodySent() {
        return Math.max(0, sent - headSent);
    }

    @Nullable Reason reason() {
        return reason;
    }

    long beganMillis() {
        return beganMillis;
    }

    long endedMillis() {
        return beganMillis + (endedAt - began) / 1_000_000;
    }

    // Phases in nanoseconds; NEVER where one was not reached.

    long head() {
        return headAt == NEVER ? NEVER : headAt - began;
    }

    long queue() {
        return dialledAt == NEVER ? NEVER : Math.max(0, dialledAt - headAt);
    }

    long connect() {
        return connectedAt == NEVER ? NEVER : connectedAt - dialledAt;
    }

    long response() {
        return answerAt == NEVER || sentAt == NEVER ? NEVER : Math.max(0, answerAt - sentAt);
    }

    long total() {
        return endedAt - began;
    }
}
