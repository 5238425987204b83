/**
 * JSON text out of values, for the log and the interface of requests alike. The status, which may
 * have a hundred thousand members, has a writer of its own.
 */
@NullMarked
package buoy.daemon.json;

import org.jspecify.annotations.NullMarked;
