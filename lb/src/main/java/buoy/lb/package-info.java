/** Pools, selection, health, HTTP, PostgreSQL, relay. */
@NullMarked
package buoy.lb;

import org.jspecify.annotations.NullMarked;
