package buoy.tls;

import buoy.config.model.Certificate;
import buoy.config.model.ListenerTls;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.conscrypt.Conscrypt;
import org.jspecify.annotations.Nullable;

/**
 * TLS of one listener: its certificates, versions and protocols, proven to work. Immutable and
 * shared by all workers; a reload makes a new one, and connections keep the one that accepted them.
 */
public final class ServerTls {
    /** For a whole handshake; those that take longer are not clients but slowloris. */
    private static final Duration HANDSHAKE = Duration.ofSeconds(10);

    private final List<Engines> engines;
    private final Optional<Identities<Engines>> choice;

    private ServerTls(List<Engines> engines, boolean refuseUnknown) {
        this.engines = List.copyOf(engines);
        this.choice =
                engines.size() == 1 && !refuseUnknown
                        ? Optional.empty()
                        : Optional.of(
                                new Identities<>(
                                        engines,
                                        e -> e.identity().names(),
                                        e -> e.identity().ecdsa(),
                                        refuseUnknown));
    }

    /**
     * For status and metrics.
     *
     * @param name under {@code certificates} in the configuration
     * @param names DNS names it is shown for
     * @param notAfter end of validity of the chain, whichever certificate in it ends first
     */
    public record Shown(String name, List<String> names, Instant notAfter) {
        public Shown {
            names = List.copyOf(names);
        }
    }

    /**
     * Reads and checks the files that {@code settings} names. Blocks on the disk; not for a worker.
     *
     * @param certificates by name; every name in {@code settings} must be there
     * @param now decides which certificates have expired
     */
    public static Loading<ServerTls> load(
            ListenerTls settings, Map<String, Certificate> certificates, Instant now) {
        return load(settings, certificates, now, conscrypt().orElse(null));
    }

    /**
     * @param provider Conscrypt's, or {@code null} for the JDK's
     */
    static Loading<ServerTls> load(
            ListenerTls settings,
            Map<String, Certificate> certificates,
            Instant now,
            @Nullable Provider provider) {
        IdentityFiles files = new IdentityFiles(provider, now);
        Policies policies = Policies.of(settings);
        List<Engines> engines = new ArrayList<>();
        for (String name : settings.certificates()) {
            Certificate certificate = certificates.get(name);
            if (certificate == null) {
                throw new IllegalArgumentException("no certificate named " + name);
            }
            files.read(certificate)
                    .ifPresent(
                            identity -> {
                                try {
                                    engines.add(
                                            new Engines(
                                                    identity, policies, settings.alpn(), provider));
                                } catch (GeneralSecurityException e) {
                                    throw new IllegalStateException(
                                            "a checked identity was refused", e);
                                }
                            });
        }
        return files.problems.isEmpty()
                ? new Loading.Ready<>(
                        new ServerTls(
                                engines,
                                settings.unknownNames() == ListenerTls.UnknownNames.REJECT),
                        files.warnings)
                : new Loading.Refused<>(files.problems);
    }

    /**
     * Puts TLS at the end of a new connection's pipeline; the caller's handlers follow. They see
     * {@code channelActive} at once, then exactly one {@link TlsOutcome} as a user event, and bytes
     * in clear only after {@link TlsOutcome.Established}. After {@link TlsOutcome.Failed} the
     * connection is closed here. Later, Netty's {@code SslCloseCompletionEvent} says that the
     * client will send no more (its close_notify): the same as end of input.
     */
    public void install(ChannelPipeline pipeline) {
        TlsOutcomeHandler outcome = new TlsOutcomeHandler(HANDSHAKE);
        if (choice.isPresent()) {
            pipeline.addLast(new ClientHelloHandler(choice.get()), outcome);
        } else {
            Engines only = engines.getFirst();
            outcome.shows(only);
            pipeline.addLast(handler(only, pipeline.channel().alloc()), outcome);
        }
    }

    public List<Shown> certificates() {
        return engines.stream()
                .map(Engines::identity)
                .map(id -> new Shown(id.certificate(), id.names(), id.notAfter()))
                .toList();
    }

    static SslHandler handler(Engines engines, ByteBufAllocator alloc) {
        SslHandler handler = new FreeingSslHandler(engines.engine(alloc));
        handler.setHandshakeTimeoutMillis(
                0); // TlsOutcomeHandler's timer counts from the first byte
        return handler;
    }

    /** Empty where Conscrypt has no library for this machine. */
    static Optional<Provider> conscrypt() {
        return Conscrypt.isAvailable() ? Optional.of(Conscrypt.newProvider()) : Optional.empty();
    }
}
