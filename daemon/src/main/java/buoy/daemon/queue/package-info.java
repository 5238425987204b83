/** A way from one thread to another that never blocks whoever sends. */
@NullMarked
package buoy.daemon.queue;

import org.jspecify.annotations.NullMarked;
