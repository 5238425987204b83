/**
 * What Buoy hosts tell each other.
 *
 * <pre>
 *   this host's state --Peers.tell--> Outgoing, one for each other host --TLS--> that host
 *   another host      --TLS--> Incoming --> Shared.heard
 * </pre>
 *
 * <p>Every host connects to every other one and only tells there what it has; what it hears comes
 * by the connections that others make to it. So there is nothing to agree about: neither who
 * connects, nor what was acknowledged. A new connection is told everything, then what changes. A
 * host that is away misses nothing that it is not told when it comes back, and nobody waits for it.
 *
 * <p><b>Security.</b> TLS 1.3 with certificates on both ends. All hosts derive one and the same key
 * pair from the secret in the configuration ({@link buoy.daemon.peer.PeerKey}), and believe nobody
 * who cannot sign with it: no authority, no names, no dates. Keys of sessions are ephemeral, so who
 * learns the secret later reads nothing of what was said before.
 */
@NullMarked
package buoy.daemon.peer;

import org.jspecify.annotations.NullMarked;
