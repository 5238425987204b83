/**
 * VRRP (RFC 9568, RFC 3768): the thread that runs the routers and the ports through which it
 * reaches the kernel.
 */
@NullMarked
package buoy.vrrp;

import org.jspecify.annotations.NullMarked;
