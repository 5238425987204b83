/**
 * Servers and what is known of them. A {@link buoy.lb.pool.Pool} and its {@link
 * buoy.lb.pool.Server}s live as long as the configuration names them: reloads publish a new
 * snapshot of the pool, the server objects with their health, counters and connections stay.
 *
 * <p>Who writes what: workers count on their own {@link buoy.lb.pool.Tally} and keep their own
 * {@link buoy.lb.pool.Roster}; the count of work in flight is one atomic for all workers; health
 * and snapshots are written by control alone and read by workers with one volatile read.
 */
@NullMarked
package buoy.lb.pool;

import org.jspecify.annotations.NullMarked;
