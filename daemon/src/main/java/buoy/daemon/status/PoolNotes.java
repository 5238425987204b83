package buoy.daemon.status;

import buoy.lb.BalancerStatus.PoolStatus;
import buoy.lb.BalancerStatus.ServerStatus;
import buoy.lb.pool.Server;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** What there is to say about pools and servers beside numbers, in a few words each. */
public final class PoolNotes {
    private PoolNotes() {}

    public static List<String> of(PoolStatus pool) {
        List<String> notes = new ArrayList<>(List.of(pool.balance()));
        pool.paused().ifPresent(since -> notes.add("paused by command" + since(since)));
        pool.servedBy().ifPresent(by -> notes.add("served by pool " + by));
        if (pool.waiting() > 0) {
            notes.add(Words.count(pool.waiting()) + " waiting");
        }
        return notes;
    }

    /** The moment itself: an order may be older than the process. */
    private static String since(Instant moment) {
        return " since " + moment.truncatedTo(ChronoUnit.SECONDS);
    }

    /** Why a server is in its state, and what it said of itself. */
    public static String of(ServerStatus server) {
        List<String> notes = new ArrayList<>(List.of(server.health().why()));
        server.whereabouts()
                .trouble()
                .filter(_ -> server.whereabouts().at().isPresent())
                .ifPresent(why -> notes.add("name not resolved any more: " + why));
        switch (server.orders().duty()) {
            case READY -> {}
            case DRAIN -> notes.add("drains by command" + since(server.orders().since()));
            case MAINTENANCE ->
                    notes.add("in maintenance by command" + since(server.orders().since()));
        }
        server.ejected().ifPresent(ejection -> notes.add("ejected: " + ejection.why()));
        server.orders().weight().ifPresent(weight -> notes.add("weight " + weight + " by command"));
        if (server.granted() != Server.WHOLE) {
            notes.add(
                    server.granted() == 0
                            ? "drains by its agent"
                            : server.granted() + "% of its weight by its agent");
        }
        server.standing()
                .ifPresent(
                        standing -> {
                            notes.add(Words.of(standing.role()));
                            standing.timeline().ifPresent(t -> notes.add("timeline " + t));
                            standing.lag().ifPresent(lag -> notes.add("lag " + Words.bytes(lag)));
                        });
        return String.join(", ", notes);
    }
}
