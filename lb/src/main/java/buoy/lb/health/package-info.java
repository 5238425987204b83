/**
 * Whether servers work. A probe asks a server and comes back with an {@link
 * buoy.lb.health.Outcome}; a {@link buoy.lb.health.Verdict}, pure, says what a row of outcomes
 * means; {@link buoy.lb.health.PoolHealth} runs one virtual thread for each server of a pool,
 * publishes changes in the pool and tells them on.
 *
 * <p>Probes are plain sockets on virtual threads, not connections of a worker: a worker that hangs
 * must not make servers look dead.
 */
@NullMarked
package buoy.lb.health;

import org.jspecify.annotations.NullMarked;
