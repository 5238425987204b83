package buoy.lb.pool;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Counts since the start of the process.
 *
 * @param finished exchanges or sessions that ended as they should
 * @param bytesFromClient on their way to the server
 * @param bytesToClient on their way to the client
 * @param retries tries after the first
 * @param answers servers' answers by class of status, from 1xx to 5xx
 * @param failures by reason; reasons that never struck are left out
 * @param latency how long servers took
 * @param connects how long it took until new connections to servers were of use
 * @param sessions how long sessions lasted
 */
public record Totals(
        long finished,
        long bytesFromClient,
        long bytesToClient,
        long retries,
        List<Long> answers,
        Map<Reason, Long> failures,
        Percentiles latency,
        Percentiles connects,
        Percentiles sessions) {
    public Totals {
        answers = List.copyOf(answers);
        failures =
                failures.isEmpty()
                        ? Map.of()
                        : Collections.unmodifiableMap(new EnumMap<>(failures));
    }

    /** Failures of all reasons. */
    public long failed() {
        return failures.values().stream().mapToLong(Long::longValue).sum();
    }
}
