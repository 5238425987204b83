/**
 * The VRRP state machine (RFC 9568 6, RFC 3768 6), pure: no socket, thread, clock, log or name
 * lookup.
 *
 * <p>{@link buoy.vrrp.core.Election} takes a {@link buoy.vrrp.core.State}, an {@link
 * buoy.vrrp.core.Event} and the time, and returns a {@link buoy.vrrp.core.Step}: the next state and
 * the {@link buoy.vrrp.core.Effect}s to perform, in that order. It sets no timer: a state announces
 * its deadline, and the caller sends {@link buoy.vrrp.core.Event.DeadlineReached} when it has come.
 * {@link buoy.vrrp.core.Admission} decides beforehand whether a well-formed advertisement may reach
 * the election at all; one that may not touches nothing.
 */
@NullMarked
package buoy.vrrp.core;

import org.jspecify.annotations.NullMarked;
