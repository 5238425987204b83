/**
 * What passes a link that concerns virtual addresses, and what about it is not as it should be.
 * Pure.
 *
 * <p>{@link buoy.daemon.watch.packet.LinkType} makes a {@link buoy.daemon.watch.packet.Packet} of a
 * captured frame; {@link buoy.daemon.watch.packet.Conduct} remembers who said what, and judges the
 * next one by it; a {@link buoy.daemon.watch.packet.Seen} holds both.
 */
@NullMarked
package buoy.daemon.watch.packet;

import org.jspecify.annotations.NullMarked;
