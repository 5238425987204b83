/**
 * The names of servers, followed.
 *
 * <p>{@link buoy.lb.resolve.Names} looks each name up again and again on a thread of its own and
 * tells what is new; {@link buoy.lb.resolve.Known} decides what an answer changes and when the next
 * is wanted; {@link buoy.lb.resolve.Lookup} asks: {@code /etc/hosts} first ({@link
 * buoy.lb.resolve.HostsFile}), then name servers ({@link buoy.lb.resolve.ResolvConf}).
 */
@NullMarked
package buoy.lb.resolve;

import org.jspecify.annotations.NullMarked;
