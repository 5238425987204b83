/**
 * What a router tracks and what that makes of its priority, pure: no clock, thread, file or socket.
 *
 * <p>Whoever watches something tells a {@link buoy.vrrp.track.Fact} about its {@link
 * buoy.vrrp.track.Subject}. {@link buoy.vrrp.track.Facts} keeps the latest one of each, and {@link
 * buoy.vrrp.track.Tracking} weighs them for one router. The rule:
 *
 * <ul>
 *   <li>A subject about which nothing is known counts for nothing.
 *   <li>With a weight, trouble adds the weight to the priority. A number in a file is multiplied by
 *       its weight and added. The sum is clamped to 1..254.
 *   <li>Without a weight, trouble is a <em>fault</em>: this host is not fit to be active. If it is
 *       active it offers the addresses at once (priority 0), keeps them until the first
 *       advertisement of a peer, or for its skew time and one interval if none comes, and is then
 *       in fault: the addresses are nowhere rather than here.
 *   <li>A pool below {@code fault-below}, and a worker of this process that hangs, are the <em>last
 *       resort</em>: whatever the weights, the effective priority is 1. The addresses are offered
 *       as at any loss of priority, and kept if nobody takes them: they are better here than
 *       nowhere.
 *   <li>A fault outweighs the last resort. An owner (255) tracks nothing.
 * </ul>
 */
@NullMarked
package buoy.vrrp.track;

import org.jspecify.annotations.NullMarked;
