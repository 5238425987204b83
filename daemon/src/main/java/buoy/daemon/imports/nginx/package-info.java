/**
 * NGINX's configuration (1.22 and its neighbours) as parts of a {@link
 * buoy.daemon.imports.draft.Draft}.
 *
 * <pre>
 *  text --{@link NginxFile}--&gt; {@link Directive}s --{@link Includes}--&gt; the same, with what other files say
 *       --{@link Sockets}--&gt; servers that listen at the same places: one listener each
 *       --{@link Hosts}--&gt; their names, in the order in which NGINX looks for them
 *       --{@link Locations}--&gt; locations, in an order in which the first that fits is NGINX's choice
 *       --{@link Site}--&gt; routes; {@link Upstreams}: pools; {@link ListenerKeys}: what all of a listener has
 *       --{@link Streams}--&gt; listeners and pools for sessions and datagrams
 * </pre>
 *
 * A {@link Scope} is a block with those around it, which a directive is inherited from. What NGINX
 * says of each location and Buoy of a whole listener is carried over where all locations agree.
 */
@NullMarked
package buoy.daemon.imports.nginx;

import org.jspecify.annotations.NullMarked;
