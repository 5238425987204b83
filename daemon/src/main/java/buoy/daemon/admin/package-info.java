/**
 * HTTP for operators: the same small server on the admin socket and on the stats address, and the
 * client behind {@code buoy reload|stop|status}.
 *
 * <p>A {@link buoy.daemon.admin.Door} is one listening socket with its {@link
 * buoy.daemon.admin.Handler}: {@code Request -> Answer}, both plain values. Doors share one event
 * loop thread of their own, away from the workers and from VRRP. Every connection is bounded in
 * bytes, in time and in number, so that a slow or hostile client costs nothing but its own
 * connection. {@link buoy.daemon.admin.AdminLock} keeps a second Buoy away from the socket.
 *
 * <p>What takes time and room is made once for all who ask for it: {@link
 * buoy.daemon.admin.Renderings}. {@link buoy.daemon.admin.Sending} and {@link
 * buoy.daemon.admin.Streaming} write an answer, whole or going on, as its client takes it.
 */
@NullMarked
package buoy.daemon.admin;

import org.jspecify.annotations.NullMarked;
