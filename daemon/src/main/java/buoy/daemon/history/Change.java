package buoy.daemon.history;

import java.time.Instant;

/**
 * Another state.
 *
 * @param from the word for the state before, as the log has it
 */
public record Change(Instant at, String from, String to) {}
