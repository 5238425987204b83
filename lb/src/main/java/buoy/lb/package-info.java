/**
 * The balancer: pools, selection, health, HTTP, PostgreSQL, relay.
 *
 * <p>How a connection flows, all of it on the worker that accepted it:
 *
 * <pre>
 *   client -> listen.Acceptor -> listen.Front (http | tcp | udp | postgres)
 *                                   | pool.Pool.pick(worker, work, tried)
 *                                   v
 *                               pool.Server -> worker.Worker.connect -> server
 * </pre>
 *
 * <p>How knowledge flows: control (reload, health) builds immutable snapshots and publishes each
 * with one volatile write; workers read them once for each exchange or session and never wait. What
 * must be exact over all workers is a shared atomic on the server or the listener, nothing else.
 *
 * <p>How one process goes on where another stops: it {@linkplain buoy.lb.Inherited inherits} the
 * sockets where clients come in, {@linkplain buoy.lb.PoolsKnown what is known} of pools, and which
 * listeners are paused.
 *
 * <p>Packages, leaves first: {@code worker} (event loops), {@code select} (pure choice of a
 * server), {@code pool} (servers, their health and counters), {@code listen} (accepting), then one
 * package for each thing a front can do, {@code health} for the checks, {@code resolve} for the
 * names of servers, and this one, which puts them together.
 */
@NullMarked
package buoy.lb;

import org.jspecify.annotations.NullMarked;
