/**
 * VRRP (RFC 9568, RFC 3768): the thread that runs the virtual routers, and the ports through which
 * it reaches the kernel.
 *
 * <p>{@link buoy.vrrp.Speaker} is the facade and the only thread. A datagram comes in through an
 * {@link buoy.vrrp.AdvertisementChannel}, is decoded by {@code buoy.vrrp.wire} and judged by {@code
 * buoy.vrrp.core}, which answers with the next state and a list of effects. The speaker performs
 * the effects through {@link buoy.vrrp.Ports} and tells {@link buoy.vrrp.VrrpObserver} what
 * changed. Nothing here logs, and nothing but the ports touches the system.
 */
@NullMarked
package buoy.vrrp;

import org.jspecify.annotations.NullMarked;
