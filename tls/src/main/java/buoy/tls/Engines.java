package buoy.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.DirectConscryptEngine;
import io.netty.handler.ssl.SslHandler;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import org.conscrypt.Conscrypt;
import org.jspecify.annotations.Nullable;

/**
 * Makes the engine of one connection that shows one identity. The sessions that clients resume live
 * here: with the identity, over all connections and workers, until the next reload.
 */
final class Engines {
    private final Identity identity;
    private final SSLContext context;
    private final boolean conscrypt;
    private final List<String> alpn;
    private final String[] protocols;
    private final String[] ciphers;
    private final String[] offered;

    /**
     * @param provider Conscrypt's, or {@code null} for the JDK's
     */
    Engines(Identity identity, Policies policies, List<String> alpn, @Nullable Provider provider)
            throws GeneralSecurityException {
        this.identity = identity;
        this.conscrypt = provider != null;
        this.alpn = List.copyOf(alpn);
        this.protocols = policies.protocols().toArray(String[]::new);
        this.ciphers = policies.ciphers().toArray(String[]::new);
        this.offered = alpn.toArray(String[]::new);
        this.context =
                provider == null
                        ? SSLContext.getInstance("TLS")
                        : SSLContext.getInstance("TLS", provider);
        context.init(
                new KeyManager[] {new OneIdentity(identity)},
                new TrustManager[] {new TrustNobody()},
                null);
    }

    Identity identity() {
        return identity;
    }

    SSLEngine engine(ByteBufAllocator alloc) {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        if (conscrypt) {
            engine.setEnabledProtocols(protocols);
            engine.setEnabledCipherSuites(ciphers);
            Conscrypt.setUseSessionTickets(engine, true);
            return DirectConscryptEngine.server(engine, alloc, alpn);
        }
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(protocols);
        parameters.setCipherSuites(ciphers);
        parameters.setUseCipherSuitesOrder(false);
        parameters.setApplicationProtocols(offered);
        engine.setSSLParameters(parameters);
        return engine;
    }

    /** The application protocol that a finished handshake agreed on. */
    Optional<String> agreed(SslHandler handler) {
        String protocol =
                conscrypt
                        ? handler.applicationProtocol()
                        : handler.engine().getApplicationProtocol();
        return Optional.ofNullable(protocol).filter(name -> !name.isEmpty());
    }
}
