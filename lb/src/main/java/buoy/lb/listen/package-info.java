/**
 * Where clients arrive. A {@link buoy.lb.listen.Listening} is one listener at run time; its {@link
 * buoy.lb.listen.Front} says what is done with a connection and is replaced as a whole by a reload.
 * The acceptor counts the connection, hands it to the front together with what speaks TLS where the
 * listener has it, and forgets it when it is closed. Sockets belong to an {@link
 * buoy.lb.listen.Owner}, which a reload may tell another listening. The front says when TLS begins:
 * at once, or where a protocol asks for it first.
 */
@NullMarked
package buoy.lb.listen;

import org.jspecify.annotations.NullMarked;
