/**
 * What virtual routers track, watched: pure judgements and the threads that look.
 *
 * <p>Whatever is found goes to VRRP as a {@code Fact}; what it is worth there, {@code
 * buoy.vrrp.track} says. Nothing here runs on VRRP's thread, which never waits for any of it.
 *
 * <ul>
 *   <li>{@link buoy.daemon.track.WorkerWatch}: whether every event loop moves ({@code Pulse}: hung,
 *       or merely starved)
 *   <li>{@link buoy.daemon.track.Trackers}: everything that is configured. Scripts run on a virtual
 *       thread each ({@code ScriptWatch}, judged by {@code Streak}), files and processes are heard
 *       of on one thread ({@code KernelWatch} with {@code FileWatch} and {@code ProcessWatch}), and
 *       listeners are looked at four times a second ({@code ListenerWatch})
 * </ul>
 */
@NullMarked
package buoy.daemon.track;

import org.jspecify.annotations.NullMarked;
