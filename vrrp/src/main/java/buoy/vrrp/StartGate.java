package buoy.vrrp;

import buoy.vrrp.core.Ticks;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a group waits for before its first election: the configured delay since the process started,
 * and the first word on what it tracks. A host that would be the last resort must not take the
 * addresses first and find out then; but it does not wait for ever either.
 *
 * @param opensAt the end of the delay
 * @param patientUntil from then on, what nobody has told about counts for nothing
 */
record StartGate(Ticks opensAt, Ticks patientUntil) {
    /** A server that does not answer is known to be down after a few checks and their timeouts. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    /**
     * What it waits for now, in words.
     *
     * @param unknown what is tracked and nobody has told about
     */
    Optional<String> shut(List<String> unknown, Ticks now) {
        if (!now.isAtOrAfter(opensAt)) {
            return Optional.of("waiting until start-delay is over");
        }
        return unknown.isEmpty() || now.isAtOrAfter(patientUntil)
                ? Optional.empty()
                : Optional.of("waiting for the first result of " + String.join(", ", unknown));
    }

    /** When it opens, or what it waits for is another thing, with nothing told. */
    Ticks nextLook(Ticks now) {
        return now.isAtOrAfter(opensAt) ? patientUntil : opensAt;
    }
}
