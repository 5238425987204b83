package buoy.lb.udp;

import buoy.lb.worker.Worker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** The sockets of all listeners that clients send datagrams to, by worker. */
public final class UdpSockets {
    private final List<List<Datagrams>> byWorker;

    public UdpSockets(int workers) {
        byWorker = new ArrayList<>(workers);
        for (int i = 0; i < workers; i++) {
            byWorker.add(new ArrayList<>(4));
        }
    }

    /** Those of one worker, which alone may touch them. */
    List<Datagrams> of(Worker worker) {
        return byWorker.get(worker.index());
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
