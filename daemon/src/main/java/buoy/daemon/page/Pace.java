package buoy.daemon.page;

import java.util.Map;
import java.util.Optional;

/**
 * How much went through each server in the last seconds.
 *
 * @param rates exchanges and sessions a second, whether they failed or not, by {@code POOL/SERVER}
 */
public record Pace(Map<String, Double> rates) {
    /** Nothing is known. */
    public static final Pace NONE = new Pace(Map.of());

    Optional<Double> of(String server) {
        return Optional.ofNullable(rates.get(server));
    }
}
