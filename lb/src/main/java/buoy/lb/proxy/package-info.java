/**
 * The PROXY protocol, versions 1 and 2 (HAProxy's proxy-protocol.txt): what stands before the first
 * byte of a connection, and says whose it is. Pure.
 */
@NullMarked
package buoy.lb.proxy;

import org.jspecify.annotations.NullMarked;
