/**
 * VRRP (RFC 9568, RFC 3768): the thread that runs the virtual routers, and the ports through which
 * it reaches the kernel.
 *
 * <p>{@link buoy.vrrp.Speaker} is the facade and the only thread. A datagram comes in through an
 * {@link buoy.vrrp.AdvertisementChannel}, is decoded by {@code buoy.vrrp.wire} and judged by {@code
 * buoy.vrrp.core}, which answers with the next state and a list of effects. The speaker performs
 * the effects through {@link buoy.vrrp.Ports} and tells {@link buoy.vrrp.VrrpObserver} what
 * changed. Nothing here logs, and nothing but the ports touches the system.
 *
 * <p>From the outside in: the loop reads the channels and looks at its agenda. A <em>group</em> is
 * what is elected: routers that are active together or not at all, most often one. A
 * <em>router</em> is what is configured: it has the addresses and what the neighbours are told. A
 * <em>voice</em> is one family of a router on the network, with its channel and its own address.
 *
 * <p>One process of a host can go on where another stops ({@link buoy.vrrp.HandedOver}). The thread
 * of the first falls silent, as if it were kept from running, and waits until it is decided who
 * speaks: the other one, with the same states, deadlines and addresses, or it again.
 *
 * <p>RFC 9568 has one state machine for each family and VRID. Where several must move together they
 * are run as one, with as many places to speak and to hear, rather than as many that pull each
 * other along: machines that disagree for a moment would pull each other back and forth. So silence
 * is silence everywhere, and a peer that is heard anywhere is not contested for what it does not
 * say; a better router anywhere is better; a tie is settled in one place; and whoever cannot take
 * part anywhere takes part nowhere.
 */
@NullMarked
package buoy.vrrp;

import org.jspecify.annotations.NullMarked;
