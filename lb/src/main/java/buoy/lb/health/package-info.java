/**
 * Whether servers work. A {@code Probing} asks a server and comes back with an {@link
 * buoy.lb.health.Outcome}; a {@code Verdict}, pure, says what a row of outcomes means; {@link
 * buoy.lb.health.PoolHealth} runs a {@code Checking} for each server of a pool, on a virtual thread
 * of its own, publishes changes in the pool and tells them on.
 *
 * <p>Databases say more than yes or no, a {@link buoy.lb.health.Report}. A {@code Cluster}, pure,
 * holds those of a pool's servers against each other: what no server can know of itself, such as
 * that it is a former primary, shows there.
 *
 * <pre>
 *   TcpProbing, HttpProbing
 *   PatroniProbing -> PatroniBody                     -> Report \
 *   PostgresProbing -> PostgresTalk, Backend, Scram   -> Report -> Cluster -> Outcome -> Verdict
 * </pre>
 *
 * <p>A server is asked at its interval, and at once when something suggests it: live traffic that
 * was refused, or the end of a kept connection.
 *
 * <p>Probes are plain sockets on virtual threads, not connections of a worker: a worker that hangs
 * must not make servers look dead.
 */
@NullMarked
package buoy.lb.health;

import org.jspecify.annotations.NullMarked;
