package buoy.lb;

import buoy.lb.listen.Clients;
import buoy.lb.listen.Guest;
import buoy.lb.listen.Listening;
import buoy.lb.udp.UdpSockets;
import buoy.lb.worker.Worker;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Meets everybody who is with some listeners on one worker, a few at a time: between them the
 * worker serves its clients. Whoever is there all the time is met once.
 */
final class SessionWalk {
    /** A tenth of a millisecond or so. */
    private static final int AT_A_TIME = 512;

    private static final long PAUSE_MILLIS = 1;

    /** On the worker. */
    interface Visitor {
        /** One of them. Returns whether to go on. */
        boolean meets(OpenListener listener, Guest guest);

        /** There is nobody else, or nobody else is wanted. Not called if the worker has ended. */
        void over();

        /** In place of {@link #over}. */
        void failed(RuntimeException cause);
    }

    private final Worker worker;
    private final UdpSockets datagrams;
    private final Iterator<OpenListener> listeners;
    private final Visitor visitor;
    private @Nullable OpenListener listener;
    private Iterator<Guest> guests = Collections.emptyIterator();
    private Clients.@Nullable Walk walk;
    private volatile long steppedAt = System.nanoTime();
    private volatile boolean wanted = true;

    private SessionWalk(
            Worker worker, UdpSockets datagrams, List<OpenListener> listeners, Visitor visitor) {
        this.worker = worker;
        this.datagrams = datagrams;
        this.listeners = listeners.iterator();
        this.visitor = visitor;
    }

    /** Any thread. */
    static SessionWalk begin(
            Worker worker, UdpSockets datagrams, List<OpenListener> listeners, Visitor visitor) {
        SessionWalk walk = new SessionWalk(worker, datagrams, listeners, visitor);
        worker.run(walk::next);
        return walk;
    }

    /** When it came a step further, by {@link System#nanoTime}. Any thread. */
    long steppedAt() {
        return steppedAt;
    }

    /** Nobody waits for it any more. Any thread. */
    void giveUp() {
        wanted = false;
    }

    private void next() {
        steppedAt = System.nanoTime();
        try {
            if (!wanted || isOver()) {
                endOfGuests();
                return;
            }
        } catch (RuntimeException e) {
            endOfGuests();
            visitor.failed(e);
            return;
        }
        try {
            // Not execute(): such tasks go before whatever clients have sent meanwhile.
            var _ = worker.loop().schedule(this::next, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException _) {
            // The worker ends, and everybody with it.
        }
    }

    /** Meets some more. */
    private boolean isOver() {
        for (int met = 0; met < AT_A_TIME; met++) {
            while (!guests.hasNext()) {
                endOfGuests();
                if (!listeners.hasNext()) {
                    visitor.over();
                    return true;
                }
                listener = listeners.next();
                guests = guestsOf(listener.listening());
            }
            Guest guest = guests.next();
            if (listener != null && guest.isHere() && !visitor.meets(listener, guest)) {
                visitor.over();
                return true;
            }
        }
        return false;
    }

    private Iterator<Guest> guestsOf(Listening listening) {
        if (!listening.takesConnections()) {
            return datagrams.guests(worker, listening).iterator();
        }
        Clients.Walk begun = listening.clients(worker).walk();
        walk = begun;
        return begun;
    }

    private void endOfGuests() {
        Clients.Walk begun = walk;
        if (begun != null) {
            begun.end();
            walk = null;
        }
    }
}
