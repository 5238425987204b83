package buoy.daemon.command;

import buoy.lb.health.Programs;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** The programs of {@code health: {external: ...}}, a few at one time, first come first served. */
public final class HealthPrograms implements Programs {
    /** A check is to find out about load, not to make it. */
    static final int AT_ONCE = 16;

    private final Runner runner;
    private final Semaphore room = new Semaphore(AT_ONCE, true);

    public HealthPrograms(Runner runner) {
        this.runner = runner;
    }

    /** How many wait for their turn. */
    int waiting() {
        return room.getQueueLength();
    }

    @Override
    public Ran run(
            List<String> argv,
            Map<String, String> environment,
            Optional<String> user,
            Duration timeout)
            throws InterruptedException {
        // Who only asks how a server is needs none of what Buoy may do.
        RunAs as = user.<RunAs>map(RunAs.User::new).orElseGet(RunAs.WithoutCapabilities::new);
        room.acquire();
        try {
            return switch (runner.run(new Command(argv, environment, as, timeout))) {
                case Outcome.Exited(int status, String output) -> new Ran.Exited(status, output);
                case Outcome.TimedOut _ -> new Ran.Killed();
                case Outcome.NotRun(String why) -> new Ran.NotRun(why);
            };
        } finally {
            room.release();
        }
    }
}
