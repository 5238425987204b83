/**
 * Certificates, SNI, policies, live replacement.
 *
 * <p>Three classes are what others call: {@link buoy.tls.Certificates}, {@link buoy.tls.ServerTls}
 * with clients and {@link buoy.tls.ClientTls} towards servers. The first reads the operator's files
 * at start and at each reload, tells every {@link buoy.tls.Finding} in them, and is looked at from
 * then on for files that changed. The second is built once for each listener and puts what
 * terminates TLS in front of one accepted connection. A connection keeps what accepted it; new
 * files and a reload only change what the next one gets.
 *
 * <pre>
 *  files -> Part -> PemText -> PrivateKeys, IdentityFiles -> Identity (chain, key, names)
 *                                                       |
 *  ClientHello bytes -> ClientHello -> Identities.choose -> Engines -> SslHandler -> TlsOutcome
 * </pre>
 *
 * <p>{@link buoy.tls.Stapling} fetches the {@link buoy.tls.Staple} that an identity is shown with;
 * {@link buoy.tls.ClientTrust} is whom a listener asks its clients to be certified by.
 *
 * <p>With one certificate and no name to refuse, the first arrow of the second row is left out:
 * nobody needs to read the ClientHello but the engine.
 *
 * <p><b>Engine.</b> Conscrypt (BoringSSL) does the cryptography, and the JDK's provider where
 * Conscrypt has no build. The certificate is chosen in front of the engine, not by a key manager
 * inside it: Conscrypt asks a key manager once for each key type and keeps the last answer, so RSA
 * and ECDSA beside each other would always mean ECDSA; and the refusal of an unknown name would
 * reach the client as {@code handshake_failure} where RFC 6066 names {@code unrecognized_name}.
 *
 * <p><b>What Conscrypt cannot.</b> Nothing in it sets ticket keys: neither a method of its {@code
 * NativeCrypto}, public or not, nor a symbol that its library exports. Listeners with {@code
 * tickets} get their engines of {@code netty-tcnative-boringssl-static}, which has that; {@link
 * buoy.tls.Resumption} decides who makes them. Without, sessions are resumed within one process,
 * over all workers, all certificates of a listener and all reloads: by tickets under keys that
 * BoringSSL makes and rotates by itself ({@link org.conscrypt.ServerEngines}).
 *
 * <p><b>Tickets.</b> Keys are never sent to other hosts, each draws them by itself:
 *
 * <pre>
 *  keys-file -> TicketText -> TicketSecret + TicketSchedule -> TicketKeys of now -> SharedTickets
 * </pre>
 */
@NullMarked
package buoy.tls;

import org.jspecify.annotations.NullMarked;
