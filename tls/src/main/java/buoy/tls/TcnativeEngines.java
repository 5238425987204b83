package buoy.tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSslContextOption;
import io.netty.handler.ssl.OpenSslServerSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.ReferenceCountedOpenSslContext;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.internal.tcnative.SSL;
import java.lang.ref.Cleaner;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Makes engines of netty-tcnative (BoringSSL, as Conscrypt's), which can be given ticket keys.
 *
 * <p>Its native context goes when nothing refers to this any more: workers may still be about to
 * make an engine of it, and nobody knows when the last has. Each engine keeps it too.
 */
final class TcnativeEngines implements Engines.Maker {
    private static final Cleaner CLEANER = Cleaner.create();

    /** Those that Conscrypt has; Netty would leave others on. */
    private static final String[] GROUPS = {"X25519MLKEM768", "X25519", "P-256", "P-384"};

    private final ReferenceCountedOpenSslContext context;
    private final Identity identity;
    private final boolean staples;
    private final SharedTickets tickets;

    /** Those that the context has. */
    private volatile List<TicketKey> given = List.of();

    /**
     * @throws SSLException if the context cannot be made of these
     */
    TcnativeEngines(Identity identity, Terms terms, SharedTickets tickets) throws SSLException {
        this.identity = identity;
        this.staples = terms.staples();
        this.tickets = tickets;
        this.context = context(identity, terms);
        ReferenceCountedOpenSslContext owned = context;
        CLEANER.register(this, owned::release);
        // What is resumed is in tickets alone, and no client takes memory here.
        sessions().setSessionCacheEnabled(false);
        give(tickets.keys());
    }

    private static ReferenceCountedOpenSslContext context(Identity identity, Terms terms)
            throws SSLException {
        SslContextBuilder builder =
                SslContextBuilder.forServer(
                                identity.key(), identity.chain().toArray(X509Certificate[]::new))
                        .sslProvider(SslProvider.OPENSSL_REFCNT)
                        .protocols(terms.policies().protocols())
                        .ciphers(terms.policies().ciphers())
                        .option(OpenSslContextOption.GROUPS, GROUPS.clone())
                        .enableOcsp(terms.staples());
        if (!terms.alpn().isEmpty()) {
            builder.applicationProtocolConfig(
                    new ApplicationProtocolConfig(
                            ApplicationProtocolConfig.Protocol.ALPN,
                            ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                            ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                            terms.alpn()));
        }
        terms.clients()
                .ifPresent(
                        each ->
                                builder.trustManager(new TrustClients(each))
                                        .clientAuth(
                                                each.required()
                                                        ? ClientAuth.REQUIRE
                                                        : ClientAuth.OPTIONAL));
        return (ReferenceCountedOpenSslContext) builder.build();
    }

    private OpenSslServerSessionContext sessions() {
        return (OpenSslServerSessionContext) context.sessionContext();
    }

    private synchronized void give(List<TicketKey> keys) {
        sessions()
                .setTicketKeys(
                        keys.stream()
                                .map(
                                        key ->
                                                new OpenSslSessionTicketKey(
                                                        key.name(),
                                                        key.authenticating(),
                                                        key.encrypting()))
                                .toArray(OpenSslSessionTicketKey[]::new));
        given = keys;
    }

    @Override
    public SSLEngine engine(ByteBufAllocator alloc) {
        List<TicketKey> current = tickets.keys();
        if (current != given) {
            give(current);
        }
        ReferenceCountedOpenSslEngine engine =
                (ReferenceCountedOpenSslEngine) context.newEngine(alloc);
        // The client's order decides (see Policies).
        SSL.clearOptions(engine.sslPointer(), SSL.SSL_OP_CIPHER_SERVER_PREFERENCE);
        byte[] response = staples ? identity.staple().response() : null;
        if (response != null) {
            engine.setOcspResponse(response);
        }
        return engine;
    }

    @Override
    public @Nullable String agreed(SslHandler handler) {
        return handler.applicationProtocol();
    }
}
