package buoy.daemon;

import buoy.daemon.log.Log;
import buoy.daemon.state.OrderKeeper;
import buoy.lb.Balancer;
import buoy.lb.Pause;
import java.time.Duration;
import java.util.Optional;

/** {@code buoy pool pause} and {@code resume}. On any thread that may wait. */
final class PoolCommands {
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);

    /** For connections that were cut, to be gone. */
    private static final Duration TO_END = Duration.ofSeconds(5);

    private final Balancer balancer;
    private final OrderKeeper keeper;
    private final Log log;

    PoolCommands(Balancer balancer, OrderKeeper keeper, Log log) {
        this.balancer = balancer;
        this.keeper = keeper;
        this.log = log;
    }

    /** Waits until nothing is under way any more: for the pool's {@code drain}, then it is cut. */
    CommandOutcome pause(String name) {
        Optional<Pause> begun = balancer.pause(name);
        if (begun.isEmpty()) {
            return unknown(name);
        }
        Pause pause = begun.get();
        int before = pause.underWay();
        Optional<String> unkept = keeper.keep();
        log.info("pool", "%s: paused, %d under way".formatted(name, before));
        try {
            int cut = 0;
            if (!awaitEnd(pause, pause.patience())) {
                cut = pause.underWay();
                pause.cut();
                var _ = awaitEnd(pause, TO_END);
            }
            return pause.lasts()
                    ? CommandOutcome.ordered(paused(name, pause, before, cut), unkept)
                    : new CommandOutcome.Refused("pool %s was resumed meanwhile".formatted(name));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new CommandOutcome.Refused("interrupted");
        }
    }

    /** Whether it came to an end in time, and nobody resumed the pool before. */
    private static boolean awaitEnd(Pause pause, Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (pause.lasts() && pause.underWay() > 0) {
            if (System.nanoTime() - deadline >= 0) {
                return false;
            }
            Thread.sleep(LOOK_EVERY);
        }
        return true;
    }

    private String paused(String name, Pause pause, int before, int cut) {
        String underWay =
                before == 0
                        ? "nothing was under way"
                        : cut == 0
                                ? "all %d under way have ended".formatted(before)
                                : "of %d under way %d were cut after %s"
                                        .formatted(before, cut, seconds(pause.patience()));
        String said =
                "pool %s is paused: %s, %d wait (until `buoy pool resume %s`)"
                        .formatted(name, underWay, pause.waiting(), name);
        log.info("pool", said);
        return said;
    }

    private static String seconds(Duration span) {
        return span.toSeconds() + "s";
    }

    CommandOutcome resume(String name) {
        Optional<Boolean> was = balancer.resume(name);
        if (was.isEmpty()) {
            return unknown(name);
        }
        String said =
                was.get()
                        ? "pool %s goes on".formatted(name)
                        : "pool %s was not paused".formatted(name);
        log.info("pool", said);
        return CommandOutcome.ordered(said, keeper.keep());
    }

    private CommandOutcome unknown(String name) {
        return CommandOutcome.Unknown.of("pool", name, balancer.poolNames());
    }
}
