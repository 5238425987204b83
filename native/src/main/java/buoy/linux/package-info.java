/**
 * The Linux kernel in our words: raw sockets, netlink, signals. Numbers and byte arrays only cross
 * the border to C.
 */
@NullMarked
package buoy.linux;

import org.jspecify.annotations.NullMarked;
