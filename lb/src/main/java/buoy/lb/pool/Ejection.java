package buoy.lb.pool;

import java.time.Instant;

/**
 * A server that works is passed by for a while, because it failed live traffic.
 *
 * @param since wall time, for people
 */
public record Ejection(String why, Instant since) {}
