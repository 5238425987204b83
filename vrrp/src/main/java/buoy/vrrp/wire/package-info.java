/**
 * VRRP messages as bytes (RFC 9568 5, RFC 3768 5), pure.
 *
 * <p>{@link buoy.vrrp.wire.WireFormat} is the entrance: it turns an {@code Advert} into the payload
 * of an IP datagram, and any bytes at all into a {@link buoy.vrrp.wire.Decoded}. Nothing that
 * arrives can make it throw. {@link buoy.vrrp.wire.Dissector} reads as far as it goes, for people
 * who watch. Centiseconds exist here and nowhere else.
 */
@NullMarked
package buoy.vrrp.wire;

import org.jspecify.annotations.NullMarked;
