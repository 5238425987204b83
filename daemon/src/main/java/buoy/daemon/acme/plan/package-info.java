/**
 * Decides when a certificate is ordered: the first time, when its names or its CA have changed, and
 * in time before it ends; who orders it; and how long to wait after a failure. No clock: the
 * present comes in with the question.
 */
@NullMarked
package buoy.daemon.acme.plan;

import org.jspecify.annotations.NullMarked;
