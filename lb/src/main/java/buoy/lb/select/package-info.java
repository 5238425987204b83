/**
 * Which server is next. Pure: no clock, thread or socket. A {@link buoy.lb.select.Selector} is
 * built when a pool is published, from the servers that may take new work, and asked for each
 * exchange or session.
 */
@NullMarked
package buoy.lb.select;

import org.jspecify.annotations.NullMarked;
