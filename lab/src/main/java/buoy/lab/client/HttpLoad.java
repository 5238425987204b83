package buoy.lab.client;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * GET at a steady rate, whether or not answers come: as many users do, and unlike a client that
 * waits and so hides an outage. Connections are kept and used again, the last one first, where the
 * manner is to keep them.
 */
final class HttpLoad implements Role {
    /** More than an outage of a few seconds can pile up at 500 a second. */
    private static final int MOST_OUTSTANDING = 4000;

    private static final int MOST_IDLE = 64;

    /** Behind the name of a role: its second tries, which are no attempts of their own. */
    private static final String RETRIED = "-retried";

    /**
     * The same: kept connections that were seen to be closed before something was asked on them.
     */
    private static final String CLOSED = "-closed";

    private final String name;
    private final Target target;
    private final int perSecond;
    private final Manner manner;
    private final Journal journal;
    private final Semaphore outstanding = new Semaphore(MOST_OUTSTANDING);
    private final ConcurrentLinkedDeque<HttpConnection> idle = new ConcurrentLinkedDeque<>();
    private volatile boolean stopped;

    /** What a kept connection that turns out to be dead means. */
    enum Manner {
        /** A failure, as everything else that goes wrong; but slowness alone is none. */
        STRICT(10_000, 20_000, MOST_IDLE),
        /** A new connection, once, as browsers do (RFC 9112 9.3.1); nobody waits for ever. */
        BROWSER(1500, 3000, MOST_IDLE),
        /** The same, but slowness alone is no failure. Each new try is written down. */
        KEPT(10_000, 20_000, MOST_IDLE),
        /**
         * Looks whether a kept one has been closed before it asks, and takes another then; a close
         * that crosses the request is a failure, as it would be for a POST, which nobody may send
         * twice (RFC 9110 9.2.2). Slowness alone is none.
         */
        CAREFUL(10_000, 20_000, MOST_IDLE),
        /** None is kept: every request has a connection of its own. */
        FRESH(10_000, 20_000, 0);

        private final int connectMillis;
        private final int readMillis;
        private final int mostIdle;

        Manner(int connectMillis, int readMillis, int mostIdle) {
            this.connectMillis = connectMillis;
            this.readMillis = readMillis;
            this.mostIdle = mostIdle;
        }
    }

    HttpLoad(String name, Target target, int perSecond, Manner manner, Journal journal) {
        this.name = name;
        this.target = target;
        this.perSecond = perSecond;
        this.manner = manner;
        this.journal = journal;
    }

    @Override
    public void run() throws InterruptedException {
        long spacing = 1_000_000_000L / perSecond;
        long next = System.nanoTime();
        while (!stopped) {
            LockSupport.parkNanos(next - System.nanoTime());
            if (next - System.nanoTime() > 0) {
                continue;
            }
            next += spacing;
            outstanding.acquire();
            Thread.ofVirtual().start(this::attempt);
        }
        outstanding.acquire(MOST_OUTSTANDING);
    }

    @Override
    public void stop() {
        stopped = true;
    }

    private void attempt() {
        Instant start = Instant.now();
        try {
            HttpConnection.Response response = exchange(start);
            journal.write(
                    name,
                    start,
                    response.status() == 200 ? Attempt.OK : "status-" + response.status(),
                    response.server());
        } catch (IOException e) {
            journal.write(name, start, reason(e), String.valueOf(e.getMessage()));
        } finally {
            outstanding.release();
        }
    }

    private HttpConnection.Response exchange(Instant start) throws IOException {
        @Nullable HttpConnection kept = usable(start);
        if (kept != null) {
            try {
                return exchange(kept);
            } catch (SocketTimeoutException e) {
                throw e;
            } catch (IOException e) {
                if (manner == Manner.STRICT
                        || manner == Manner.CAREFUL
                        || kept.hasBegunToAnswer()) {
                    throw e;
                }
                if (manner == Manner.KEPT) {
                    journal.write(name + RETRIED, start, Attempt.OK, reason(e));
                }
            }
        }
        return exchange(
                new HttpConnection(target.connect(manner.connectMillis, manner.readMillis)));
    }

    private @Nullable HttpConnection usable(Instant start) throws IOException {
        @Nullable HttpConnection kept = idle.poll();
        while (kept != null && manner == Manner.CAREFUL && kept.isClosedByPeer()) {
            journal.write(name + CLOSED, start, Attempt.OK, "");
            kept.close();
            kept = idle.poll();
        }
        return kept;
    }

    private HttpConnection.Response exchange(HttpConnection connection) throws IOException {
        boolean done = false;
        try {
            HttpConnection.Response response =
                    connection.get(target.uri().getAuthority(), target.path());
            done = connection.isReusable() && idle.size() < manner.mostIdle;
            return response;
        } finally {
            if (done) {
                idle.push(connection);
            } else {
                connection.close();
            }
        }
    }

    /** A word for what went wrong. */
    private static String reason(IOException failure) {
        return switch (failure) {
            case SocketTimeoutException e ->
                    String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("connect")
                            ? "connect-timeout"
                            : "response-timeout";
            case ConnectException _ -> "connect-refused";
            case NoRouteToHostException _ -> "no-route";
            case EOFException _ -> "closed";
            case SocketException _ -> "reset";
            default -> failure.getClass().getSimpleName();
        };
    }

    @Override
    public String toString() {
        return name;
    }
}
