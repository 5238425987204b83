package buoy.lb.pool;

import buoy.lb.worker.Worker;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sessions and exchanges that wait until a server of one pool takes them: each on its own worker,
 * in the order in which they came. Their number is bounded over all workers.
 *
 * <p>When there is news not all of them fall upon the server that has just come up, which would
 * serve none for a while: a few at a time have their turn to look, and the next follows when one of
 * them has begun, or waits again.
 */
final class WaitingRoom {
    /** One that waits. All on its own worker. */
    interface Guest {
        /** There is news: a server may take it now. It may ask for a turn. */
        void wake();

        /** Its turn to look. It says when that is over. */
        void turn();
    }

    /** Turns at one time, over all workers; each worker has one. */
    private static final int TURNS = 16;

    private final AtomicInteger waiting = new AtomicInteger();
    private final List<Own> own = new ArrayList<>();
    private final int turns;

    /** What is one worker's. */
    private static final class Own {
        final Set<Guest> guests = new LinkedHashSet<>();

        /** Those who have asked for a turn, in that order. */
        final SequencedSet<Guest> asking = new LinkedHashSet<>();

        int turns;
        boolean giving;
    }

    WaitingRoom(int workers) {
        turns = Math.max(1, TURNS / workers);
        for (int i = 0; i < workers; i++) {
            own.add(new Own());
        }
    }

    /** How many wait now, over all workers. */
    int waiting() {
        return waiting.get();
    }

    /**
     * Takes a guest in. Each that is taken leaves exactly once.
     *
     * @param most that may wait at one time
     * @return false if as many are in already
     */
    boolean enter(Worker worker, Guest guest, int most) {
        if (waiting.incrementAndGet() > most) {
            waiting.decrementAndGet();
            return false;
        }
        own.get(worker.index()).guests.add(guest);
        return true;
    }

    /** A guest waits no longer. A turn that it has goes on. */
    void leave(Worker worker, Guest guest) {
        Own here = own.get(worker.index());
        here.guests.remove(guest);
        here.asking.remove(guest);
        waiting.decrementAndGet();
    }

    /** Tells the worker's guests. On that worker. */
    void wake(Worker worker) {
        // A copy: those who find a server may leave meanwhile.
        new ArrayList<>(own.get(worker.index()).guests).forEach(Guest::wake);
    }

    /** A guest wants a turn. It may have had it when this returns. */
    void ask(Worker worker, Guest guest) {
        Own here = own.get(worker.index());
        here.asking.add(guest);
        give(here);
    }

    /** A guest wants no turn any more, and stays. */
    void askNoMore(Worker worker, Guest guest) {
        own.get(worker.index()).asking.remove(guest);
    }

    /** A turn is over. Once for each. */
    void over(Worker worker) {
        Own here = own.get(worker.index());
        here.turns--;
        give(here);
    }

    /** A turn that is over before it returns leads to the next in the loop, not within itself. */
    private void give(Own here) {
        if (here.giving) {
            return;
        }
        here.giving = true;
        try {
            while (here.turns < turns && !here.asking.isEmpty()) {
                Guest next = here.asking.removeFirst();
                here.turns++;
                next.turn();
            }
        } finally {
            here.giving = false;
        }
    }
}
