/**
 * What keeps one client from taking what is there for all. No clock, thread or socket: what all
 * workers share is in tables of a fixed size, for which none of them ever waits.
 */
@NullMarked
package buoy.lb.guard;

import org.jspecify.annotations.NullMarked;
