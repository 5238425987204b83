package buoy.lb.pool;

import buoy.lb.worker.Worker;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sessions and exchanges that wait until a server of one pool takes them: each on its own worker,
 * in the order in which they came. Their number is bounded over all workers.
 */
final class WaitingRoom {
    /** One that waits. */
    interface Guest {
        /** There is news: a server may take it now. Called on its own worker. */
        void wake();
    }

    private final AtomicInteger waiting = new AtomicInteger();
    private final List<Set<Guest>> guests = new ArrayList<>();

    WaitingRoom(int workers) {
        for (int i = 0; i < workers; i++) {
            guests.add(new LinkedHashSet<>());
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
        guests.get(worker.index()).add(guest);
        return true;
    }

    void leave(Worker worker, Guest guest) {
        guests.get(worker.index()).remove(guest);
        waiting.decrementAndGet();
    }

    /** Tells the worker's guests. On that worker. */
    void wake(Worker worker) {
        // A copy: those who find a server may leave meanwhile.
        new ArrayList<>(guests.get(worker.index())).forEach(Guest::wake);
    }
}
