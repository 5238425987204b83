package buoy.lb.udp;

import buoy.lb.listen.Guests;
import buoy.lb.listen.Listening;
import buoy.lb.worker.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** The sockets of all listeners that clients send datagrams to, by worker. */
public final class UdpSockets {
    /** Sets: the transport may say twice that a socket is active. */
    private final List<Set<Datagrams>> byWorker;

    public UdpSockets(int workers) {
        byWorker = new ArrayList<>(workers);
        for (int i = 0; i < workers; i++) {
            byWorker.add(new LinkedHashSet<>(4));
        }
    }

    /** Those of one worker, which alone may touch them. */
    Set<Datagrams> of(Worker worker) {
        return byWorker.get(worker.index());
    }

    /**
     * Who has a session of a listener on this worker, which alone may ask: those of each of its
     * sockets.
     */
    public List<Guests<?>> guests(Worker worker, Listening listening) {
        return of(worker).stream()
                .filter(each -> each.isOf(listening))
                .<Guests<?>>map(Datagrams::guests)
                .toList();
    }

    /**
     * Whoever was silent for longest makes room, on whatever socket of this worker.
     *
     * @return false if there is no session
     */
    boolean endLongestSilent(Worker worker) {
        Datagrams longest = null;
        long least = Long.MAX_VALUE;
        for (Datagrams each : of(worker)) {
            OptionalLong left = each.untilSilent(Duration.ZERO);
            if (left.isPresent() && left.getAsLong() < least) {
                least = left.getAsLong();
                longest = each;
            }
        }
        return longest != null && longest.endLongestSilent();
    }
}
