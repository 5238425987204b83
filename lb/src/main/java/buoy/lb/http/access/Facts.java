package buoy.lb.http.access;

import buoy.config.model.AccessLog.Fact;
import buoy.lb.http.access.Entry.Copy;
import buoy.lb.http.head.Output;
import buoy.lb.pool.Reason;

/** Single facts of an entry, as text: shared by the formats that name them. */
final class Facts {
    /** Writes text from outside so that it can stand in a line. */
    interface Escape {
        void put(byte[] text, int from, int to, Output out);
    }

    private final Escape escape;
    private final Stamp time = Stamp.utc();

    Facts(Escape escape) {
        this.escape = escape;
    }

    /** Whether it is a number, or nothing. */
    static boolean isNumber(Fact fact) {
        return switch (fact) {
            case CLIENT_PORT,
                    STATUS,
                    BYTES_RECEIVED,
                    BYTES_SENT,
                    BODY_BYTES_SENT,
                    QUEUE_MS,
                    CONNECT_MS,
                    RESPONSE_MS,
                    TOTAL_MS,
                    RETRIES ->
                    true;
            case TIME,
                    REQUEST_ID,
                    LISTENER,
                    CLIENT_ADDRESS,
                    USER,
                    METHOD,
                    HOST,
                    URI,
                    PROTOCOL,
                    POOL,
                    SERVER,
                    REASON,
                    TLS_VERSION,
                    REFERER,
                    USER_AGENT ->
                    false;
        };
    }

    /** Appends what is known; nothing where nothing is. */
    void put(Fact fact, Entry entry, Output out) {
        switch (fact) {
            case TIME -> {
                time.put(entry.beganMillis(), out);
                Stamp.putMillis(entry.beganMillis(), out);
                out.put((byte) 'Z');
            }
            case REQUEST_ID -> out.put(entry.id());
            case LISTENER -> out.put(entry.listener());
            case CLIENT_ADDRESS -> out.put(entry.client());
            case CLIENT_PORT -> Figures.put(entry.clientPort(), out);
            case USER -> copy(Copy.USER, entry, out);
            case METHOD -> copy(Copy.METHOD, entry, out);
            case HOST -> copy(Copy.HOST, entry, out);
            case URI -> copy(Copy.URI, entry, out);
            case PROTOCOL -> out.put(entry.protocol());
            case STATUS -> {
                if (entry.status() > 0) {
                    Figures.put(entry.status(), out);
                }
            }
            case BYTES_RECEIVED -> Figures.put(entry.received(), out);
            case BYTES_SENT -> Figures.put(entry.sent(), out);
            case BODY_BYTES_SENT -> Figures.put(entry.bodySent(), out);
            case QUEUE_MS -> phase(entry.queue(), out);
            case CONNECT_MS -> phase(entry.connect(), out);
            case RESPONSE_MS -> phase(entry.response(), out);
            case TOTAL_MS -> phase(entry.total(), out);
            case POOL -> out.put(entry.pool());
            case SERVER -> out.put(entry.server());
            case RETRIES -> Figures.put(entry.retries(), out);
            case REASON -> {
                Reason reason = entry.reason();
                if (reason != null) {
                    out.put(reason.toString());
                }
            }
            case TLS_VERSION -> out.put(entry.tls());
            case REFERER -> copy(Copy.REFERER, entry, out);
            case USER_AGENT -> copy(Copy.USER_AGENT, entry, out);
        }
    }

    /** Appends what is known, or a dash. */
    void orDash(Fact fact, Entry entry, Output out) {
        int before = out.length();
        put(fact, entry, out);
        if (out.length() == before) {
            out.put((byte) '-');
        }
    }

    /** Method, target and version, of a request that was read. */
    void requestLine(Entry entry, Output out) {
        put(Fact.METHOD, entry, out);
        out.put((byte) ' ');
        put(Fact.URI, entry, out);
        out.put((byte) ' ');
        put(Fact.PROTOCOL, entry, out);
    }

    private void copy(Copy which, Entry entry, Output out) {
        escape.put(entry.text(), entry.start(which), entry.end(which), out);
    }

    private static void phase(long nanos, Output out) {
        if (nanos != Entry.NEVER) {
            Figures.putMillis(nanos, out);
        }
    }
}
