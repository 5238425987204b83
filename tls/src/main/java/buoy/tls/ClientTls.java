package buoy.tls;

import buoy.config.model.Certificate;
import buoy.config.model.PoolTls;
import buoy.config.model.ServerAddress;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.handler.ssl.DirectConscryptEngine;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.conscrypt.ClientEngines;
import org.jspecify.annotations.Nullable;

/**
 * TLS towards the servers of one pool: whom to trust, what they have to be called, what to show
 * them. Immutable and shared by all workers and checks; a reload makes a new one, and connections
 * keep the one they began with.
 */
public final class ClientTls {
    /** Where systems keep the authorities they trust: Debian, Red Hat, SUSE. */
    private static final List<Path> SYSTEM =
            List.of(
                    Path.of("/etc/ssl/certs/ca-certificates.crt"),
                    Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
                    Path.of("/etc/ssl/ca-bundle.pem"));

    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    private final PoolTls settings;

    /** Null where Conscrypt has no library for this machine. */
    private final @Nullable ClientEngines conscrypt;

    /**
     * For sockets that block, on virtual threads, the JDK's own, which is Java from top to bottom;
     * and for engines where there is no other.
     */
    private final SSLContext jdk;

    private ClientTls(
            PoolTls settings,
            KeyManager[] keys,
            TrustManager[] trusted,
            @Nullable Provider provider)
            throws GeneralSecurityException {
        this.settings = settings;
        this.conscrypt =
                provider == null ? null : new ClientEngines(keys, trusted, PROTOCOLS.clone());
        this.jdk = SSLContext.getInstance("TLS");
        jdk.init(keys, trusted, null);
    }

    /**
     * Reads and checks the files that {@code settings} names. Blocks on the disk; not for a worker.
     *
     * @param path of the settings in the configuration, for problems
     * @param certificates by name; the one in {@code settings} must be there
     * @param now decides which certificates have expired
     */
    public static Loading<ClientTls> load(
            String path, PoolTls settings, Map<String, Certificate> certificates, Instant now) {
        return load(path, settings, certificates, now, ServerTls.conscrypt().orElse(null));
    }

    /**
     * @param provider Conscrypt's, or {@code null} for the JDK's
     */
    static Loading<ClientTls> load(
            String path,
            PoolTls settings,
            Map<String, Certificate> certificates,
            Instant now,
            @Nullable Provider provider) {
        IdentityFiles files = new IdentityFiles(provider, now);
        Optional<Identity> identity =
                settings.certificate()
                        .map(name -> Optional.ofNullable(certificates.get(name)).orElseThrow())
                        .flatMap(certificate -> identity(path, certificate, files));
        Optional<List<X509Certificate>> authorities =
                settings.verify()
                        ? authorities(path, settings.ca(), files)
                        : Optional.of(List.of());
        if (!files.problems.isEmpty() || authorities.isEmpty()) {
            return new Loading.Refused<>(files.problems);
        }
        KeyManager[] keys =
                identity.map(id -> new KeyManager[] {new OneIdentity(id)})
                        .orElseGet(() -> new KeyManager[0]);
        try {
            TrustManager[] trusted =
                    settings.verify()
                            ? new TrustManager[] {
                                new NamingNoExchange(
                                        (X509ExtendedTrustManager)
                                                TrustClients.trusting(authorities.get()))
                            }
                            : new TrustManager[] {new TrustAnybody()};
            return new Loading.Ready<>(
                    new ClientTls(settings, keys, trusted, provider), files.warnings);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("checked certificates were refused", e);
        }
    }

    private static Optional<Identity> identity(
            String path, Certificate certificate, IdentityFiles files) {
        return switch (certificate) {
            case Certificate.Pair pair -> files.read(Part.of(pair));
            case Certificate.Bundle bundle -> files.read(Part.of(bundle));
            case Certificate.Acme acme -> {
                files.problems.add(
                        new Finding(
                                path + ".certificate",
                                acme.name()
                                        + " is ordered for clients to see, and may not be there yet (name a pair)"));
                yield Optional.empty();
            }
            case Certificate.Directory directory -> {
                files.problems.add(
                        new Finding(
                                path + ".certificate",
                                directory.name()
                                        + " is a directory of certificates, and one alone can be shown to servers (name a pair)"));
                yield Optional.empty();
            }
        };
    }

    /**
     * For a client of the JDK's own, which has no certificate to show.
     *
     * @param path of the settings in the configuration, for problems
     * @param ca file with the authorities to trust; the system's if empty
     */
    public static Loading<SSLContext> trusting(String path, Optional<Path> ca, Instant now) {
        IdentityFiles files = new IdentityFiles(null, now);
        Optional<List<X509Certificate>> authorities = authorities(path, ca, files);
        if (authorities.isEmpty()) {
            return new Loading.Refused<>(files.problems);
        }
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {TrustClients.trusting(authorities.get())}, null);
            return new Loading.Ready<>(context, files.warnings);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("checked certificates were refused", e);
        }
    }

    private static Optional<List<X509Certificate>> authorities(
            String path, Optional<Path> ca, IdentityFiles files) {
        if (ca.isPresent()) {
            return files.authorities(path + ".ca", ca.get());
        }
        Optional<Path> system = SYSTEM.stream().filter(Files::exists).findFirst();
        if (system.isEmpty()) {
            files.problems.add(
                    new Finding(
                            path,
                            "this system names no authorities that it trusts (install its package"
                                    + " ca-certificates, or name them with ca)"));
            return Optional.empty();
        }
        return files.authorities(path, system.get());
    }

    /**
     * Puts TLS at the end of a connection's pipeline and shakes hands. To be called on the
     * connection's event loop; nothing may have been read that belongs to the handshake.
     *
     * @param alpn application protocols offered, best first (RFC 7301); may be none
     * @param patience for the whole handshake
     * @return done when bytes may pass in clear; where it failed the connection is being closed
     */
    public Future<Channel> secure(
            Channel channel, ServerAddress server, List<String> alpn, Duration patience) {
        SslHandler handler = new FreeingSslHandler(engine(server, alpn, channel.alloc()));
        handler.setHandshakeTimeoutMillis(Math.max(1, patience.toMillis()));
        channel.pipeline().addLast(handler, new FailureIsKnown());
        channel.read();
        return handler.handshakeFuture();
    }

    /** The application protocol that a finished handshake agreed on; null if none. */
    public static @Nullable String agreed(SslHandler handler) {
        // Netty knows it of Conscrypt's engines alone.
        String known = handler.applicationProtocol();
        return known == null ? handler.engine().getApplicationProtocol() : known;
    }

    private SSLEngine engine(ServerAddress server, List<String> alpn, ByteBufAllocator alloc) {
        ClientEngines engines = conscrypt;
        if (engines != null) {
            SSLEngine engine = engines.engine(name(server), server.port());
            SSLParameters parameters = engine.getSSLParameters();
            identify(parameters);
            engine.setSSLParameters(parameters);
            return DirectConscryptEngine.client(engine, alloc, alpn);
        }
        SSLEngine engine = jdk.createSSLEngine(name(server), server.port());
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(PROTOCOLS);
        parameters.setApplicationProtocols(alpn.toArray(String[]::new));
        identify(parameters);
        engine.setSSLParameters(parameters);
        return engine;
    }

    /**
     * The same for a socket that blocks.
     *
     * @param socket connected; closed together with what is returned
     */
    public SSLSocket secure(Socket socket, ServerAddress server, List<String> alpn)
            throws IOException {
        SSLSocket secured =
                (SSLSocket)
                        jdk.getSocketFactory()
                                .createSocket(socket, name(server), server.port(), true);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setProtocols(PROTOCOLS);
        parameters.setApplicationProtocols(alpn.toArray(String[]::new));
        identify(parameters);
        secured.setSSLParameters(parameters);
        secured.startHandshake();
        return secured;
    }

    private void identify(SSLParameters parameters) {
        if (settings.verify()) {
            // RFC 9110 4.3.4 in the JDK's words: the name or the address has to be in the
            // certificate.
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
    }

    /** What the server has to be called; as a name it is sent in the ClientHello too. */
    private String name(ServerAddress server) {
        return settings.serverName().orElseGet(server::host);
    }

    /** Why a handshake failed, in words for people. */
    public static String words(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        String message = cause.getMessage();
        return message == null || message.isEmpty() ? cause.getClass().getSimpleName() : message;
    }
}
