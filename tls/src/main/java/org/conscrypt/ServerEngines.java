package org.conscrypt;

import java.security.KeyManagementException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/**
 * Opens two doors in Conscrypt that are closed to us. Each of its SSLContexts has sessions and
 * ticket keys of its own, so that one context for each certificate, made anew when its files
 * change, would forget its clients; here several share them. And an OCSP response can be stapled,
 * for which Conscrypt has the means and no public method.
 *
 * <p>Stands in Conscrypt's package because the classes it is made of are package-private there.
 */
@NullMarked // not the package, whose other classes are not
public final class ServerEngines {
    private final SSLParametersImpl parameters;

    /**
     * What clients resume: ticket keys, made and rotated by BoringSSL itself. Whoever shares it
     * admits each other's clients.
     */
    public static final class Sessions {
        private final ServerSessionContext server = new ServerSessionContext();
        private final ClientSessionContext client = new ClientSessionContext();
    }

    /**
     * @param protocols by their JSSE names
     * @param ciphers by their standard names
     * @throws KeyManagementException if the managers are not for X.509
     */
    public ServerEngines(
            KeyManager keys,
            TrustManager trusted,
            Sessions sessions,
            String[] protocols,
            String[] ciphers)
            throws KeyManagementException {
        parameters =
                new SSLParametersImpl(
                        new KeyManager[] {keys},
                        new TrustManager[] {trusted},
                        null,
                        sessions.client,
                        sessions.server,
                        protocols);
        parameters.setEnabledProtocols(protocols);
        parameters.setEnabledCipherSuites(ciphers);
        parameters.setUseSessionTickets(true);
        // Conscrypt's default is a client, and an engine that is turned into a server's throws away
        // its native half, with buffers of 34 KiB, and makes another in memory that was touched.
        parameters.setUseClientMode(false);
    }

    /** Asks clients for a certificate, which {@code trusted} judges. */
    public void askForCertificate(boolean required) {
        if (required) {
            parameters.setNeedClientAuth(true);
        } else {
            parameters.setWantClientAuth(true);
        }
    }

    /**
     * The engine of one connection.
     *
     * @param ocsp the response to staple (RFC 6066 8), DER; {@code null} for none
     */
    public SSLEngine engine(byte @Nullable [] ocsp) {
        ConscryptEngine engine = made(ocsp);
        // It is one already, but will not begin before it was told.
        engine.setUseClientMode(false);
        return Platform.wrapEngine(engine);
    }

    /** Its native half is a server's from the start. */
    ConscryptEngine made(byte @Nullable [] ocsp) {
        SSLParametersImpl own = (SSLParametersImpl) parameters.clone();
        if (ocsp != null) {
            own.setOCSPResponse(ocsp);
        }
        return new ConscryptEngine(own);
    }
}
