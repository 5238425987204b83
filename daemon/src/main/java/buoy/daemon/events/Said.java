package buoy.daemon.events;

import java.time.Instant;

/**
 * One event, for people.
 *
 * @param kind its word, such as {@code server}
 * @param message the sentence of the log
 */
public record Said(Instant at, String kind, String message) {}
