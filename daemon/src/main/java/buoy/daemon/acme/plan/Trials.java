package buoy.daemon.acme.plan;

import java.time.Instant;
import java.util.Optional;

/**
 * What came of the orders since the last one that succeeded.
 *
 * @param failures in a row
 * @param refusals of those, where the CA said no: each is a reason to try another challenge
 * @param last the latest failure
 * @param pauseUntil no order before
 */
public record Trials(
        int failures, int refusals, Optional<Failure> last, Optional<Instant> pauseUntil) {
    /** Nothing has failed. */
    public static final Trials NONE = new Trials(0, 0, Optional.empty(), Optional.empty());

    /** One more has failed. */
    public Trials failed(Failure why, Instant now) {
        return new Trials(
                failures + 1,
                refusals + (why instanceof Failure.Refused ? 1 : 0),
                Optional.of(why),
                Optional.of(now.plus(why.pause(failures + 1, now))));
    }

    /**
     * An operator has changed something, so it may succeed at once; but what the CA itself has
     * asked for holds.
     */
    public Trials anew() {
        return last.isPresent() && last.get() instanceof Failure.Limited
                ? this
                : new Trials(failures, refusals, last, Optional.empty());
    }
}
