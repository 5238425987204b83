package buoy.lb.pool;

import buoy.config.model.Health.Role;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a PostgreSQL server last said of itself.
 *
 * @param timeline raised by one with every promotion
 * @param lag bytes of the write-ahead log that it does not show yet; empty for a primary
 */
public record Standing(Role role, OptionalInt timeline, OptionalLong lag) {}
