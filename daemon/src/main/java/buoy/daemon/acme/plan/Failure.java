package buoy.daemon.acme.plan;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Why an order came to nothing. */
public sealed interface Failure {
    /** Of all pauses. */
    Duration LONGEST_PAUSE = Duration.ofDays(1);

    /** In words for people, the CA's own where it has said something. */
    String words();

    /** The CA does not answer, or not sensibly; or what it has issued is not on the disk yet. */
    record Unreachable(String words) implements Failure {}

    /**
     * The CA said no: to the account, to a name, or because it could not verify it; or it may have
     * issued what nobody got, or what was not asked for, which it counts as issued all the same.
     */
    record Refused(String words) implements Failure {}

    /**
     * The CA was asked too often.
     *
     * @param until when it may be asked again by its own word
     */
    record Limited(String words, Optional<Instant> until) implements Failure {}

    /**
     * How long to leave the CA alone.
     *
     * @param times how many orders in a row have failed, this one included
     * @param now when this one did
     */
    default Duration pause(int times, Instant now) {
        return switch (this) {
            // Costs nobody anything, and is over when the network is back.
            case Unreachable _ -> growing(Duration.ofSeconds(10), 2, times, Duration.ofHours(1));
            // Public CAs allow about five failures an hour for one name.
            case Refused _ -> growing(Duration.ofMinutes(1), 4, times, Duration.ofHours(6));
            case Limited(var _, var until) ->
                    until.map(then -> Duration.between(now, then))
                            .filter(Duration::isPositive)
                            .map(named -> Collections.min(List.of(named, LONGEST_PAUSE)))
                            .orElse(Duration.ofHours(1));
        };
    }

    private static Duration growing(Duration first, int factor, int times, Duration most) {
        Duration pause = first;
        for (int i = 1; i < times && pause.compareTo(most) < 0; i++) {
            pause = pause.multipliedBy(factor);
        }
        return Collections.min(List.of(pause, most));
    }
}
