/**
 * The application behind the balancer: one small HTTP/1.1 and WebSocket server, run as a process on
 * its own host.
 *
 * <p>{@link buoy.lab.app.AppServer} accepts, and gives each connection a virtual thread with a
 * {@link buoy.lab.app.Conversation}; an upgraded one goes on as {@link buoy.lab.app.Echo}.
 */
@NullMarked
package buoy.lab.app;

import org.jspecify.annotations.NullMarked;
