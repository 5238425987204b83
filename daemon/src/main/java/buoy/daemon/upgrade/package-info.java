/**
 * The upgrade in place: the program that runs starts the one now installed, which takes its place
 * without a lost request.
 *
 * <p>The old process has the new program check the configuration ({@link
 * buoy.daemon.upgrade.Rehearsal}). Then it listens on a unix socket beside the admin socket, mode
 * 0600, and starts the program by the command it was started by itself ({@link
 * buoy.daemon.upgrade.Successor}); {@link buoy.daemon.upgrade.Predecessor#VARIABLE} tells the new
 * process where. There is one connection ({@link buoy.daemon.upgrade.Passage}), with these
 * messages, each a line:
 *
 * <ol>
 *   <li>new: {@code buoy-upgrade VERSION}. Another version than the old one's ends it.
 *   <li>old: for each descriptor what it is ({@link buoy.daemon.upgrade.Passed}), followed by the
 *       descriptor (SCM_RIGHTS); then {@code pools LENGTH} and as many bytes, what is known of them
 *       ({@link buoy.daemon.upgrade.PoolsText}). Every listening socket is passed: what waits in
 *       the queue of one that is closed would be reset.
 *   <li>new: {@code ready LENGTH}, when everything is started that can be refused; nobody is let in
 *       yet. As many bytes follow: the routers that can go on here, a team each line.
 *   <li>old: {@code go LENGTH}, when it has let go of what only one of them may have: its VRRP has
 *       fallen silent. As many bytes follow, what the routers were ({@link
 *       buoy.daemon.upgrade.RoutersText}).
 *   <li>new: {@code taken}, when it has all that. It lets clients in from now on, and is the
 *       service's main process. There is no way back. The old one leaves the sockets, which the new
 *       one has too, and lets its clients go within {@code process.drain}.
 *   <li>old: closes the connection, when nothing but its clients is left of it. The new one speaks
 *       with peers from now on, and orders certificates.
 * </ol>
 *
 * In place of {@code ready} and {@code taken} the new one may say {@code sorry}, and why.
 *
 * <p>The lock of the admin socket goes along with its descriptor: it is held throughout.
 *
 * <p>Until {@code taken} nothing has changed for the old process. Should the new one end, fall
 * silent or say something else, it is killed, and the old one goes on: with what it had let go of,
 * too. Should the old one end before {@code go}, the new one ends as well. A program that knows
 * nothing of upgrades finds the lock taken, and ends.
 */
@NullMarked
package buoy.daemon.upgrade;

import org.jspecify.annotations.NullMarked;
