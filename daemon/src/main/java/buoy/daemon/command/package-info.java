/**
 * Programs of the operator's, run: checks and notifications.
 *
 * <p>A {@link buoy.daemon.command.Command} is run by {@link buoy.daemon.command.Runner} to an
 * {@link buoy.daemon.command.Outcome}. No shell comes between. The program is the leader of a
 * session of its own ({@code setsid(1)}), so that at its timeout everything it started is killed
 * with it. Where a user is given, {@code setpriv(1)} makes it that user, with its groups and
 * without any capability of this process ({@link buoy.daemon.command.RunAs}). Both come with
 * util-linux, which every system with systemd has; Java itself can do neither.
 */
@NullMarked
package buoy.daemon.command;

import org.jspecify.annotations.NullMarked;
