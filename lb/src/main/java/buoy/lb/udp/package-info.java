/**
 * {@code protocol: udp}: datagrams between clients and servers. Who sends one has a session, which
 * has a server and a socket of its own towards it: answers come from that server alone, and the
 * kernel says when nobody listens there.
 *
 * <pre>
 *   client --> Datagrams --(SessionTable: whose is it?)--> DatagramSession --> server
 *   client &lt;-- the same socket, so the same address  &lt;---- DatagramSession &lt;-- server
 * </pre>
 *
 * {@link buoy.lb.udp.SessionTable} and {@link buoy.lb.udp.Owed} are pure: they say which session a
 * datagram belongs to, which is silent for too long, and when nothing more is to come.
 */
@NullMarked
package buoy.lb.udp;

import org.jspecify.annotations.NullMarked;
