/**
 * Bytes as they are, both ways. A {@link buoy.lb.relay.Session} finds a server for a client; a
 * {@link buoy.lb.relay.Relay} joins two connections on one worker: whatever one side sends is
 * written to the other, reading stops while the other side cannot take more, an end of input is
 * passed on as one, and a reset as a reset.
 *
 * <pre>
 *   client --read--> Side --write--> server      each Side reads from its own channel
 *   client &lt;--write-- Side &lt;--read-- server      and writes to the other's
 * </pre>
 */
@NullMarked
package buoy.lb.relay;

import org.jspecify.annotations.NullMarked;
