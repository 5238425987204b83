/**
 * Certificates, SNI, policies, live replacement.
 *
 * <p>Two classes are all that others call: {@link buoy.tls.ServerTls} with clients and {@link
 * buoy.tls.ClientTls} towards servers. The first is built once for each listener at start and at
 * each reload, it either tells every {@link buoy.tls.Finding} in the operator's files or puts what
 * terminates TLS in front of one accepted connection. A connection keeps the {@code ServerTls} that
 * accepted it; a reload only changes what the next one gets.
 *
 * <pre>
 *  files -> PemText -> PrivateKeys, IdentityFiles -> Identity (chain, key, names)
 *                                                       |
 *  ClientHello bytes -> ClientHello -> Identities.choose -> Engines -> SslHandler -> TlsOutcome
 * </pre>
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
 * <p><b>What Conscrypt cannot.</b> Its library has {@code SSL_set_ocsp_response}, which a small
 * class in its package could call, but nothing that sets ticket keys: {@code tickets.keys-file},
 * and tickets shared between hosts, take {@code netty-tcnative-boringssl-static}, which has both
 * and fits behind the same facade ({@code Engines} is the only class that knows who makes an
 * engine). Sessions are resumed within one process: by tickets under keys that BoringSSL makes and
 * rotates by itself.
 */
@NullMarked
package buoy.tls;

import org.jspecify.annotations.NullMarked;
