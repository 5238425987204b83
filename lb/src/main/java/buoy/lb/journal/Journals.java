package buoy.lb.journal;

import buoy.config.model.AccessLog.Destination;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All destinations of lines of this process. Thread-safe. */
public final class Journals {
    /** For the last lines at the end of the process. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private final int workers;
    private final Journal.Told told;
    private final Map<Destination, Journal> open = new LinkedHashMap<>();

    /**
     * @param told of trouble with any of them
     */
    public Journals(int workers, Journal.Told told) {
        this.workers = workers;
        this.told = told;
    }

    /** The one that writes there. */
    public synchronized Journal to(Destination destination) {
        return open.computeIfAbsent(destination, this::opened);
    }

    private Journal opened(Destination destination) {
        return new Journal(
                destination.toString(),
                workers,
                () -> Outlet.of(destination, Outlet.Voice.ACCESS),
                told);
    }

    /**
     * A reload: files are opened again, and those not in use any more end.
     *
     * @param patience how long connections of before may still write
     */
    public synchronized void keep(Collection<Destination> used, Duration patience) {
        open.entrySet()
                .removeIf(
                        each -> {
                            boolean left = !used.contains(each.getKey());
                            if (left) {
                                each.getValue().endIn(patience);
                            }
                            return left;
                        });
        reopen();
    }

    /** Opens every file again. */
    public synchronized void reopen() {
        open.values().forEach(Journal::reopen);
    }

    public synchronized List<Journal.State> states() {
        return open.values().stream().map(Journal::state).toList();
    }

    /** Writes what there is and ends. Waits, for a second at most. */
    public void close() throws InterruptedException {
        List<Journal> all;
        synchronized (this) {
            all = new ArrayList<>(open.values());
            open.clear();
        }
        all.forEach(each -> each.endIn(Duration.ZERO));
        long end = System.nanoTime() + LAST_WORDS.toNanos();
        for (Journal each : all) {
            var _ = each.awaitEnd(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
        }
    }
}
