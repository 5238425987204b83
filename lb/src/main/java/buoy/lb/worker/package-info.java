/**
 * Event loops. A {@link buoy.lb.worker.Worker} is one thread, one Netty event loop and everything
 * that only this thread touches; {@link buoy.lb.worker.Workers} is all of them. A connection lives
 * and dies on one worker, on both sides, so nothing here needs a lock.
 */
@NullMarked
package buoy.lb.worker;

import org.jspecify.annotations.NullMarked;
