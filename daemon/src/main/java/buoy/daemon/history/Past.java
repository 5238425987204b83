package buoy.daemon.history;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What is remembered, as of one moment.
 *
 * @param routers their last changes by name, the oldest first
 * @param servers the same by {@code POOL/SERVER}
 */
public record Past(
        List<Rate> listeners,
        List<Rate> pools,
        Map<String, List<Change>> routers,
        Map<String, List<Change>> servers) {
    /** One number of a rate. */
    public static final Duration STEP = Duration.ofSeconds(5);

    public static final int STEPS = 120;

    /** One set of latencies. */
    public static final Duration COLUMN = STEP.multipliedBy(2);

    public static final int COLUMNS = STEPS / 2;

    public static final Past NONE = new Past(List.of(), List.of(), Map.of(), Map.of());

    public Past {
        listeners = List.copyOf(listeners);
        pools = List.copyOf(pools);
    }
}
