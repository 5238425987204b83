/**
 * {@code buoy vrrp watch}: what passes a link that concerns virtual addresses, as it passes.
 *
 * <p>{@link buoy.daemon.watch.Capture} takes frames from libpcap, {@code packet} makes packets and
 * judgements of them, {@link buoy.daemon.watch.Watch} joins the two, and {@link
 * buoy.daemon.watch.WatchText} and {@link buoy.daemon.watch.WatchJson} render.
 */
@NullMarked
package buoy.daemon.watch;

import org.jspecify.annotations.NullMarked;
