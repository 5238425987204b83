package buoy.daemon;

import buoy.daemon.log.EventKind;
import buoy.daemon.log.Fields;
import buoy.daemon.log.Log;
import buoy.daemon.status.SessionsText;
import buoy.lb.Balancer;
import buoy.lb.LiveSession;
import buoy.lb.SessionFilter;
import buoy.lb.SessionList;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/** {@code buoy sessions} and its {@code --kill}. On any thread that may wait. */
final class SessionCommands {
    /** Listed unless more are asked for. */
    private static final int USUAL = 100;

    /** Listed at one time: a few megabytes of text. */
    private static final int MOST = 10_000;

    static final String LIMITS = "a limit is 1..%d".formatted(MOST);

    /** A worker that takes longer hangs. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final Balancer balancer;
    private final Log log;

    SessionCommands(Balancer balancer, Log log) {
        this.balancer = balancer;
        this.log = log;
    }

    /**
     * How many are to be listed.
     *
     * @throws NumberFormatException if that is no number that is possible
     */
    static int most(Optional<String> asked) {
        if (asked.isEmpty()) {
            return USUAL;
        }
        int most = Integer.parseInt(asked.get());
        if (most < 1 || most > MOST) {
            throw new NumberFormatException(LIMITS);
        }
        return most;
    }

    /** Empty if it was interrupted: then nothing can be told. */
    Optional<SessionList> list(SessionFilter filter, int most) {
        try {
            return Optional.of(balancer.sessions(filter, most, PATIENCE));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    CommandOutcome kill(String id) {
        try {
            Optional<LiveSession> ended = balancer.endSession(id, PATIENCE);
            if (ended.isEmpty()) {
                return new CommandOutcome.Unknown(
                        "there is no session %s (it has ended, or another buoy process had it; `buoy sessions` lists those there are)"
                                .formatted(id));
            }
            String said =
                    "session %s is ended: %s".formatted(id, SessionsText.inWords(ended.get()));
            log.info(
                    "session",
                    said + ", by command",
                    Fields.event(EventKind.ACTION)
                            .and("path", "/api/v1/sessions/%s/kill".formatted(id))
                            .and("listener", ended.get().listener())
                            .and("session", id));
            return new CommandOutcome.Done(said);
        } catch (TimeoutException _) {
            return new CommandOutcome.Refused(
                    "the worker of session %s does not answer within %d s; the session may end yet"
                            .formatted(id, PATIENCE.toSeconds()));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return new CommandOutcome.Refused("interrupted");
        }
    }
}
