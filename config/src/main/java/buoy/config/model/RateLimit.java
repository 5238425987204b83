package buoy.config.model;

import java.time.Duration;

/**
 * {@code requests-per-second}: how often requests of one kind may come.
 *
 * @param every one may come so often, in the long run
 * @param burst at once, of one that was quiet
 * @param key what requests have in common that are counted together
 */
public record RateLimit(Duration every, int burst, Key key) {
    /** What requests are told apart by. */
    public sealed interface Key {
        /** Who asks; of IPv6 the first 64 bits, which one subscriber has at least. */
        record ClientAddress() implements Key {}

        /**
         * The value of a field; a request without it is not counted.
         *
         * @param name in lower case
         */
        record Header(String name) implements Key {}

        /** The route that takes them. */
        record Route() implements Key {}
    }
}
