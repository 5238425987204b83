package buoy.lb;

import buoy.lb.listen.Guest;
import buoy.lb.listen.Guests;
import buoy.lb.listen.Listening;
import buoy.lb.udp.UdpSockets;
import buoy.lb.worker.Worker;
import java.time.Duration;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Meets everybody who is with some listeners on one worker, a few at a time: between them the
 * worker serves its clients. Whoever is there all the time is met once.
 *
 * @param <T> what comes of it
 */
final class SessionWalk<T> {
    /** A tenth of a millisecond or so. */
    private static final int AT_A_TIME = 512;

    private static final long PAUSE_MILLIS = 1;

    /** On the worker. */
    interface Visitor<T> {
        /** One of them. Returns whether to go on. */
        boolean meets(OpenListener listener, Guest guest);

        /** There is nobody else, or nobody else is wanted. Not called if the worker has ended. */
        T over();
    }

    private final Worker worker;
    private final UdpSockets datagrams;
    private final Iterator<OpenListener> listeners;
    private final Visitor<T> visitor;
    private final CompletableFuture<T> done = new CompletableFuture<>();
    private @Nullable OpenListener listener;

    /** Of that listener, beside those that are met now. */
    private Iterator<Guests<?>> rest = Collections.emptyIterator();

    private Guests<?>.@Nullable Walk guests;
    private volatile long steppedAt = System.nanoTime();
    private volatile boolean wanted = true;

    private SessionWalk(
            Worker worker, UdpSockets datagrams, List<OpenListener> listeners, Visitor<T> visitor) {
        this.worker = worker;
        this.datagrams = datagrams;
        this.listeners = listeners.iterator();
        this.visitor = visitor;
    }

    /** Any thread. */
    static <T> SessionWalk<T> begin(
            Worker worker, UdpSockets datagrams, List<OpenListener> listeners, Visitor<T> visitor) {
        SessionWalk<T> walk = new SessionWalk<>(worker, datagrams, listeners, visitor);
        worker.run(walk::next);
        return walk;
    }

    /**
     * Waits for its end. Any thread but a worker's.
     *
     * @param patience how long the worker may stand still: one that goes on is waited for
     * @throws TimeoutException if it did; nobody else is met then, but for a few
     */
    T await(Duration patience) throws InterruptedException, TimeoutException {
        while (true) {
            long left = steppedAt + patience.toNanos() - System.nanoTime();
            if (left <= 0) {
                wanted = false;
                throw new TimeoutException();
            }
            try {
                return done.get(left, TimeUnit.NANOSECONDS);
            } catch (TimeoutException _) {
                // It may have gone on meanwhile.
            } catch (ExecutionException e) {
                throw new IllegalStateException(e.getCause());
            }
        }
    }

    private void next() {
        steppedAt = System.nanoTime();
        try {
            if (!wanted || !goesOn()) {
                endOfGuests();
                return;
            }
        } catch (RuntimeException e) {
            endOfGuests();
            done.completeExceptionally(e);
            return;
        }
        try {
            // Not execute(): such tasks go before whatever clients have sent meanwhile.
            var _ = worker.loop().schedule(this::next, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException _) {
            // The worker ends, and everybody with it.
        }
    }

    /** Meets some more. Returns whether there may be others. */
    private boolean goesOn() {
        for (int met = 0; met < AT_A_TIME; met++) {
            Guest guest = nextGuest();
            if (guest == null
                    || (listener != null && guest.isHere() && !visitor.meets(listener, guest))) {
                done.complete(visitor.over());
                return false;
            }
        }
        return true;
    }

    private @Nullable Guest nextGuest() {
        while (guests == null || !guests.hasNext()) {
            endOfGuests();
            if (rest.hasNext()) {
                guests = rest.next().walk();
            } else if (listeners.hasNext()) {
                listener = listeners.next();
                rest = guestsOf(listener.listening()).iterator();
            } else {
                return null;
            }
        }
        return guests.next();
    }

    private List<Guests<?>> guestsOf(Listening listening) {
        return listening.takesConnections()
                ? List.of(listening.clients(worker).guests())
                : datagrams.guests(worker, listening);
    }

    private void endOfGuests() {
        if (guests != null) {
            guests.end();
            guests = null;
        }
    }
}
