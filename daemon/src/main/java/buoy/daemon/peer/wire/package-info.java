/**
 * The messages between Buoy hosts, and their form in bytes ({@link buoy.daemon.peer.wire.Frames}).
 * Version 1. A host skips kinds of messages that it does not know, so a later version may add some;
 * it refuses whatever else it does not understand.
 */
@NullMarked
package buoy.daemon.peer.wire;

import org.jspecify.annotations.NullMarked;
