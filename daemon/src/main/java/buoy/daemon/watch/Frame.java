package buoy.daemon.watch;

import java.time.Instant;

/**
 * A captured frame.
 *
 * @param at when the kernel saw it, wall time
 * @param bytes from its link-layer header on
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody; written by nobody
record Frame(Instant at, byte[] bytes) {}
