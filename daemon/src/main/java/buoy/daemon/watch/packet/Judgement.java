package buoy.daemon.watch.packet;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What is to say about one packet.
 *
 * @param gap since the last of the same kind from the same sender to the same destination
 */
public record Judgement(Optional<Duration> gap, List<Warning> warnings) {
    public Judgement {
        warnings = List.copyOf(warnings);
    }
}
