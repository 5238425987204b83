package buoy.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.DirectConscryptEngine;
import io.netty.handler.ssl.SslHandler;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import org.conscrypt.ServerEngines;
import org.jspecify.annotations.Nullable;

/** Makes the engine of one connection that shows one identity. */
final class Engines {
    private final Identity identity;
    private final Terms terms;
    private final Maker maker;

    /** Whose cryptography it is. */
    interface Maker {
        SSLEngine engine(ByteBufAllocator alloc);

        @Nullable String agreed(SslHandler handler);
    }

    private Engines(Identity identity, Terms terms, Maker maker) {
        this.identity = identity;
        this.terms = terms;
        this.maker = maker;
    }

    /** Conscrypt's. What clients resume is in {@code sessions}, which others may share. */
    static Engines conscrypt(Identity identity, Terms terms, ServerEngines.Sessions sessions) {
        try {
            ServerEngines engines =
                    new ServerEngines(
                            new OneIdentity(identity),
                            trusted(terms.clients()),
                            sessions,
                            terms.policies().protocols().toArray(String[]::new),
                            terms.policies().ciphers().toArray(String[]::new));
            terms.clients().ifPresent(each -> engines.askForCertificate(each.required()));
            return new Engines(identity, terms, new Conscrypts(engines, identity, terms));
        } catch (GeneralSecurityException e) {
            throw refused(e);
        }
    }

    /** Netty-tcnative's, whose clients resume by tickets that other hosts know. */
    static Engines tcnative(Identity identity, Terms terms, SharedTickets tickets) {
        try {
            return new Engines(identity, terms, new TcnativeEngines(identity, terms, tickets));
        } catch (SSLException e) {
            throw refused(e);
        }
    }

    /** The JDK's. What clients resume is the identity's own. */
    static Engines jdk(Identity identity, Terms terms) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    new KeyManager[] {new OneIdentity(identity)},
                    new TrustManager[] {trusted(terms.clients())},
                    null);
            SSLParameters parameters = context.getDefaultSSLParameters();
            parameters.setProtocols(terms.policies().protocols().toArray(String[]::new));
            parameters.setCipherSuites(terms.policies().ciphers().toArray(String[]::new));
            parameters.setUseCipherSuitesOrder(false);
            parameters.setApplicationProtocols(terms.alpn().toArray(String[]::new));
            terms.clients()
                    .ifPresent(
                            each -> {
                                if (each.required()) {
                                    parameters.setNeedClientAuth(true);
                                } else {
                                    parameters.setWantClientAuth(true);
                                }
                            });
            return new Engines(identity, terms, new Jdks(context, parameters));
        } catch (GeneralSecurityException e) {
            throw refused(e);
        }
    }

    private static TrustManager trusted(Optional<ClientTrust> clients) {
        return clients.<TrustManager>map(TrustClients::new).orElseGet(TrustNobody::new);
    }

    private static IllegalStateException refused(Exception e) {
        return new IllegalStateException("a checked identity was refused", e);
    }

    Identity identity() {
        return identity;
    }

    /** Whether clients may show a certificate. */
    boolean asksClients() {
        return terms.clients().isPresent();
    }

    /** Of a client whose handshake was accepted, now or when the session it resumes began. */
    void checkStillGood(X509Certificate client, Instant now) throws ClientRefused {
        TrustClients.checkLifetime(client, now);
        TrustClients.checkCovered(
                client, terms.clients().map(ClientTrust::revoked).orElse(List.of()), now);
    }

    SSLEngine engine(ByteBufAllocator alloc) {
        return maker.engine(alloc);
    }

    /** The application protocol that a finished handshake agreed on. */
    Optional<String> agreed(SslHandler handler) {
        return Optional.ofNullable(maker.agreed(handler)).filter(name -> !name.isEmpty());
    }

    private record Conscrypts(ServerEngines engines, Identity identity, Terms terms)
            implements Maker {
        @Override
        public SSLEngine engine(ByteBufAllocator alloc) {
            byte[] response = terms.staples() ? identity.staple().response() : null;
            return DirectConscryptEngine.server(engines.engine(response), alloc, terms.alpn());
        }

        @Override
        public @Nullable String agreed(SslHandler handler) {
            return handler.applicationProtocol();
        }
    }

    private record Jdks(SSLContext context, SSLParameters parameters) implements Maker {
        @Override
        public SSLEngine engine(ByteBufAllocator alloc) {
            SSLEngine engine = context.createSSLEngine();
            engine.setUseClientMode(false);
            engine.setSSLParameters(parameters);
            return engine;
        }

        @Override
        public @Nullable String agreed(SslHandler handler) {
            return handler.engine().getApplicationProtocol();
        }
    }
}
