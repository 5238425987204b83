package buoy.lb.http;

import static java.util.concurrent.TimeUnit.SECONDS;

/**
 * What a client of HTTP/2 may send beside requests and their content: SETTINGS, PING, PRIORITY,
 * WINDOW_UPDATE and the like cost us work and the client none (RFC 9113 10.5).
 *
 * <p>It earns them by time, and by what it asks for and is sent: who downloads opens windows and
 * measures the way by PING as often as there is something to read. The octets are counted as they
 * come from the server, not by the frames that they leave in: a client that opens its window by an
 * octet at a time (CVE-2019-9511) has frames of one octet.
 */
final class FrameBudget {
    /** After a rest. */
    static final int AT_ONCE = 1000;

    static final int PER_SECOND = 100;

    /** A browser sorts its requests by some PRIORITY each. */
    static final int PER_STREAM = 10;

    /** For however little content at a time: both windows, a PING and its answer. */
    static final int PER_WRITE = 4;

    /** No client does well with smaller steps of its windows. */
    static final int OCTETS = 256;

    private static final long NANOS = SECONDS.toNanos(1) / PER_SECOND;

    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int CONTINUATION = 9;

    private long left = AT_ONCE;
    private long counted;
    private int lastStream;

    /**
     * @param now {@link System#nanoTime}
     */
    FrameBudget(long now) {
        counted = now;
    }

    /** Time passes. */
    void at(long now) {
        long frames = (now - counted) / NANOS;
        counted += frames * NANOS;
        // What was earned otherwise is not lost by a rest.
        left = Math.max(left, Math.min(AT_ONCE, left + frames));
    }

    /** A frame came. */
    void came(int type, int length, int stream) {
        if (type == HEADERS && stream > lastStream) {
            lastStream = stream;
            left += PER_STREAM;
        } else if (type != CONTINUATION && (type != DATA || length == 0)) {
            // Continuations are bounded with their block, content by its windows.
            left--;
        }
    }

    /** Content goes to the client. */
    void sent(int octets) {
        left += PER_WRITE + octets / OCTETS;
    }

    boolean isSpent() {
        return left < 0;
    }
}
