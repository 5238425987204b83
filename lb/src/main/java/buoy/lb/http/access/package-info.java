/**
 * The lines of access logs, purely: an {@link buoy.lb.http.access.Entry} gathers what becomes known
 * of one exchange, and an {@link buoy.lb.http.access.EntryFormat} makes a line of it. What came
 * from outside is escaped on the way, so that no request can forge a line or a field; {@link
 * buoy.lb.http.access.Escapes} has the ways of doing so. Where lines go is {@code
 * buoy.lb.journal}'s.
 */
@NullMarked
package buoy.lb.http.access;

import org.jspecify.annotations.NullMarked;
