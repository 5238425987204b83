/** Main, command line, wiring, reload, admin socket, stats page. */
@NullMarked
package buoy.daemon;

import org.jspecify.annotations.NullMarked;
