/**
 * {@code protocol: postgres}: sessions that begin with PostgreSQL's first message. {@link
 * buoy.lb.postgres.Startup} reads it, pure; {@link buoy.lb.postgres.PostgresFront} waits for it,
 * ends TLS where the listener has it, finds a server and relays.
 *
 * <pre>
 *  FirstMessage -> Greeting -+-> Handshake -> FirstMessage      TLS ends here
 *                            +-> Session, Manner.Passing        TLS is between client and server
 *                            +-> Session, Manner.Read           the StartupMessage is known:
 *                            |     Encryption -> FirstAnswer -> KeyWatch, on each server tried
 *                            +-> Cancel
 * </pre>
 */
@NullMarked
package buoy.lb.postgres;

import org.jspecify.annotations.NullMarked;
