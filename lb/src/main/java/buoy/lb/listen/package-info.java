/**
 * Where clients arrive. A {@link buoy.lb.listen.Listening} is one listener at run time; its {@link
 * buoy.lb.listen.Front} says what is done with a connection and is replaced as a whole by a reload.
 * The acceptor counts the connection, puts TLS first in its pipeline where the listener has it,
 * hands it to the front, and forgets it when it is closed.
 */
@NullMarked
package buoy.lb.listen;

import org.jspecify.annotations.NullMarked;
