/** What tests stand on: real sockets on loopback, and configurations in one line. */
@NullMarked
package buoy.lb.kit;

import org.jspecify.annotations.NullMarked;
