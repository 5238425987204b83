/**
 * {@code protocol: postgres}: sessions that begin with PostgreSQL's first message. {@link
 * buoy.lb.postgres.Startup} reads it, pure; {@link buoy.lb.postgres.PostgresFront} waits for it,
 * ends TLS where the listener has it, finds a server and relays. {@link buoy.lb.postgres.Login} is
 * how far one can come before it matters which server it is.
 *
 * <pre>
 *  FirstMessage -> Greeting -+-> Handshake -> FirstMessage      TLS ends here
 *                            +-> Session, Manner.Passing        TLS is between client and server
 *                            +-> Session, Manner.Read           the StartupMessage is known:
 *                            |     Encryption -> FirstAnswer, on each server tried until the
 *                            |     Login is bound to one -> KeyWatch
 *                            +-> Cancel
 * </pre>
 */
@NullMarked
package buoy.lb.postgres;

import org.jspecify.annotations.NullMarked;
