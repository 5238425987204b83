/**
 * The upgrade in place: the program that runs starts the one now installed, which takes its place
 * without a lost request.
 *
 * <p>The old process ({@link buoy.daemon.upgrade.Successor}) listens on a unix socket beside the
 * admin socket, mode 0600, and starts the program by the command it was started by itself; {@link
 * buoy.daemon.upgrade.Predecessor#VARIABLE} tells the new process where. There is one connection
 * ({@link buoy.daemon.upgrade.Passage}), with these messages, each a line:
 *
 * <ol>
 *   <li>new: {@code buoy-upgrade VERSION}. Another version than the old one's ends it.
 *   <li>old: for each descriptor {@code lock}, {@code stats ADDRESS PORT} or {@code listener
 *       ADDRESS PORT}, followed by the descriptor (SCM_RIGHTS); then {@code end}. Every listening
 *       socket is passed: what waits in the queue of one that is closed would be reset.
 *   <li>new: {@code ready}, when everything is started and the servers have been checked once; it
 *       accepts no client yet.
 *   <li>old: {@code go}. The new one accepts from now on, and is the service's main process. The
 *       old one closes its listening sockets, which the new one has too, and lets its clients go
 *       within {@code process.drain}.
 * </ol>
 *
 * <p>The lock of the admin socket goes along with its descriptor: it is held throughout.
 *
 * <p>Until {@code go} nothing has changed for the old process. Should the new one end, fall silent
 * or say something else, it is killed, and the old one goes on. Should the old one end before
 * {@code go}, the new one ends as well. A program that knows nothing of upgrades finds the lock
 * taken, and ends.
 */
@NullMarked
package buoy.daemon.upgrade;

import org.jspecify.annotations.NullMarked;
