package buoy.tls;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** When the time that a certificate has left is worth a word. */
final class Lifetime {
    /** Days; the last is the end itself. */
    private static final List<Integer> TOLD = List.of(30, 14, 3, 0);

    /** Whoever reads a certificate with less left says so at once. */
    static final Duration SOON = Duration.ofDays(TOLD.getFirst());

    private Lifetime() {}

    /**
     * The days left that were reached after {@code before} and not after {@code now}; the least.
     */
    static Optional<Integer> told(Instant before, Instant now, Instant end) {
        return TOLD.reversed().stream()
                .filter(
                        days -> {
                            Instant at = end.minus(Duration.ofDays(days));
                            return before.isBefore(at) && !now.isBefore(at);
                        })
                .findFirst();
    }
}
