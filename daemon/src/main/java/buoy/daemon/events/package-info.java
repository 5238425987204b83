/**
 * What happens in this process, as a stream of server-sent events (WHATWG HTML 9.2) for programs.
 *
 * <p>They are the lines of the log that have an {@code event} among their fields; {@link
 * buoy.daemon.events.Events} hears them as they are said, whatever the log's level. The latest are
 * kept in one ring; a reader is no more than a place in it, so that a slow one holds up nobody and
 * costs nothing: what the ring no longer has when it comes to it is lost to it, and it is told how
 * many.
 */
@NullMarked
package buoy.daemon.events;

import org.jspecify.annotations.NullMarked;
