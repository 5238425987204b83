/** JSON text out of values, for the log, the status and the interface of requests alike. */
@NullMarked
package buoy.daemon.json;

import org.jspecify.annotations.NullMarked;
