/**
 * {@code protocol: postgres}: sessions that begin with PostgreSQL's first message. {@link
 * buoy.lb.postgres.Startup} reads it, pure; {@link buoy.lb.postgres.PostgresFront} waits for it,
 * finds a server and relays. TLS passes through, so what follows the first message is bytes.
 */
@NullMarked
package buoy.lb.postgres;

import org.jspecify.annotations.NullMarked;
