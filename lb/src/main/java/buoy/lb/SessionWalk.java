package buoy.lb;

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
    }

    private final Worker worker;
    private final UdpSockets datagrams;
    private final Iterator<OpenListener> listeners;
    private final Visitor visitor;
    private @Nullable OpenListener listener;
    private Iterator<Guest> guests = Collections.emptyIterator();

    private SessionWalk(
            Worker worker, UdpSockets datagrams, List<OpenListener> listeners, Visitor visitor) {
        this.worker = worker;
        this.datagrams = datagrams;
        this.listeners = listeners.iterator();
        this.visitor = visitor;
    }

    /** Any thread. */
    static void begin(
            Worker worker, UdpSockets datagrams, List<OpenListener> listeners, Visitor visitor) {
        SessionWalk walk = new SessionWalk(worker, datagrams, listeners, visitor);
        worker.run(walk::next);
    }

    private void next() {
        for (int met = 0; met < AT_A_TIME; met++) {
            while (!guests.hasNext()) {
                if (!listeners.hasNext()) {
                    visitor.over();
                    return;
                }
                listener = listeners.next();
                guests = guestsOf(listener.listening());
            }
            if (listener != null && !visitor.meets(listener, guests.next())) {
                visitor.over();
                return;
            }
        }
        try {
            // Not execute(): such tasks go before whatever clients have sent meanwhile.
            var _ = worker.loop().schedule(this::next, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException _) {
            // The worker ends, and everybody with it.
        }
    }

    private Iterator<Guest> guestsOf(Listening listening) {
        return listening.takesConnections()
                ? listening.clients(worker).guests()
                : datagrams.guests(worker, listening).iterator();
    }
}
