/**
 * What was, as far as pictures of it are drawn: ten minutes of traffic and the last changes of
 * state.
 *
 * <pre>
 *  Balancer.flows, every five seconds --> Course (rings of fixed size) --\
 *                                                                         History --> Past (values)
 *  log lines that are events, as they are said --> changes, the last 48 --/
 * </pre>
 *
 * <p>A listener takes 1 KiB and a pool 5 KiB, of 64 of each at most; a router or server takes what
 * its few last changes do. Workers know nothing of it.
 */
@NullMarked
package buoy.daemon.history;

import org.jspecify.annotations.NullMarked;
