package buoy.tls;

import buoy.config.model.ListenerTls;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import java.security.Provider;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.conscrypt.Conscrypt;
import org.conscrypt.ServerEngines;

/**
 * TLS of one listener: its certificates, versions and protocols, proven to work. Shared by all
 * workers; {@link #look} gives the next connections what the files hold by then, and a reload makes
 * a new one. Connections keep what accepted them.
 */
public final class ServerTls {
    /** For a whole handshake; those that take longer are not clients but slowloris. */
    private static final Duration HANDSHAKE = Duration.ofSeconds(10);

    private static final Challenges NO_CHALLENGES = new Challenges();

    private final ListenerTls settings;
    private final Certificates certificates;

    /** Empty where clients are not asked for certificates. */
    private final Optional<ClientTrustFiles> trustFiles;

    /** Replaced, never changed. */
    private volatile Showing showing;

    /**
     * What new connections get.
     *
     * @param clients whom to ask for a certificate, and which
     * @param sessions what they may resume; empty where the JDK does the cryptography
     * @param engines the first is the default; empty while all are still being ordered
     * @param oneForAll whether there is nothing to choose and nobody to refuse, so that nobody
     *     needs to read the ClientHello
     */
    private record Showing(
            Optional<ClientTrust> clients,
            Optional<ServerEngines.Sessions> sessions,
            List<Engines> engines,
            Identities<Engines> choice,
            boolean oneForAll) {}

    private ServerTls(
            ListenerTls settings,
            Certificates certificates,
            Optional<ClientTrustFiles> trustFiles,
            Optional<ClientTrust> clients,
            Optional<ServerTls> before) {
        this.settings = settings;
        this.certificates = certificates;
        this.trustFiles = trustFiles;
        this.showing =
                showing(
                        clients,
                        before.map(was -> was.showing)
                                .filter(was -> was.clients().equals(clients))
                                .flatMap(Showing::sessions)
                                .or(this::freshSessions),
                        List.of());
    }

    private Optional<ServerEngines.Sessions> freshSessions() {
        return certificates.provider() == null
                ? Optional.empty()
                : Optional.of(new ServerEngines.Sessions());
    }

    /**
     * For status and metrics.
     *
     * @param name under {@code certificates} in the configuration, and of its files where that is a
     *     directory
     * @param names DNS names it is shown for
     * @param notAfter end of validity of the chain, whichever certificate in it ends first
     */
    public record Shown(String name, List<String> names, Instant notAfter) {
        public Shown {
            names = List.copyOf(names);
        }
    }

    /**
     * TLS with certificates that were read. Reads the files of {@code client} too; not for a
     * worker.
     *
     * @param path of the settings in the configuration, for problems
     * @param certificates every name in {@code settings} must be among them
     * @param now decides what has expired
     * @param before what ran under this name until now, whose clients resume
     */
    public static Loading<ServerTls> load(
            String path,
            ListenerTls settings,
            Certificates certificates,
            Instant now,
            Optional<ServerTls> before) {
        IdentityFiles files = new IdentityFiles(certificates.provider(), now);
        if (settings.certificates().stream()
                .allMatch(
                        name ->
                                certificates.shown(name).isEmpty()
                                        && certificates.awaited(name).isEmpty())) {
            files.problems.add(
                    new Finding(
                            path + ".certificates", "leaves no certificate that could be shown"));
        }
        Optional<ClientTrustFiles> trustFiles =
                settings.client().map(client -> new ClientTrustFiles(path + ".client", client));
        Optional<ClientTrust> clients = trustFiles.flatMap(each -> each.read(files, now));
        return files.problems.isEmpty()
                ? new Loading.Ready<>(
                        new ServerTls(settings, certificates, trustFiles, clients, before),
                        files.warnings)
                : new Loading.Refused<>(files.problems);
    }

    /**
     * Shows new connections what the files hold now. Blocks on the disk; by one thread at a time.
     *
     * @param certificatesChanged since the last look
     * @return what is new about the files of clients
     */
    public List<CertificateEvent> look(Instant now, boolean certificatesChanged) {
        List<CertificateEvent> news = new ArrayList<>();
        Optional<ClientTrust> clients = trustFiles.flatMap(files -> files.look(now, news));
        if (clients.isPresent()) {
            // Nobody resumes what was begun under the old ones.
            showing = showing(clients, freshSessions(), List.of());
        } else if (certificatesChanged) {
            showing = showing(showing.clients(), showing.sessions(), showing.engines());
        }
        return news;
    }

    /**
     * @param before are used again where their identity is the same
     */
    private Showing showing(
            Optional<ClientTrust> clients,
            Optional<ServerEngines.Sessions> sessions,
            List<Engines> before) {
        IdentityHashMap<Identity, Engines> known = new IdentityHashMap<>();
        before.forEach(each -> known.put(each.identity(), each));
        Terms terms = new Terms(Policies.of(settings), settings.alpn(), clients, settings.ocsp());
        List<Engines> engines = new ArrayList<>();
        Set<String> awaited = new HashSet<>();
        for (String name : settings.certificates()) {
            awaited.addAll(certificates.awaited(name));
            for (Identity identity : certificates.shown(name)) {
                engines.add(known.computeIfAbsent(identity, id -> engines(id, terms, sessions)));
            }
        }
        boolean refuseUnknown = settings.unknownNames() == ListenerTls.UnknownNames.REJECT;
        return new Showing(
                clients,
                sessions,
                List.copyOf(engines),
                new Identities<>(
                        engines,
                        awaited,
                        e -> e.identity().names(),
                        e -> e.identity().ecdsa(),
                        refuseUnknown),
                engines.size() == 1 && awaited.isEmpty() && !refuseUnknown);
    }

    private static Engines engines(
            Identity identity, Terms terms, Optional<ServerEngines.Sessions> sessions) {
        return sessions.map(shared -> Engines.conscrypt(identity, terms, shared))
                .orElseGet(() -> Engines.jdk(identity, terms));
    }

    /**
     * Puts TLS at the end of a new connection's pipeline; the caller's handlers follow. They see
     * {@code channelActive} at once, then exactly one {@link TlsOutcome} as a user event, and bytes
     * in clear only after {@link TlsOutcome.Established}. After {@link TlsOutcome.Failed} the
     * connection is closed here. Later, Netty's {@code SslCloseCompletionEvent} says that the
     * client will send no more (its close_notify): the same as end of input.
     */
    public void install(ChannelPipeline pipeline) {
        install(pipeline, NO_CHALLENGES);
    }

    /**
     * As {@link #install(ChannelPipeline)}, and a CA that asks is shown its answer. Its connection
     * ends with {@link TlsOutcome.Failed} too.
     */
    public void install(ChannelPipeline pipeline, Challenges challenges) {
        TlsOutcomeHandler outcome = new TlsOutcomeHandler(HANDSHAKE);
        Showing now = showing;
        if (!now.oneForAll() || challenges.anyTls()) {
            pipeline.addLast(new ClientHelloHandler(now.choice(), challenges), outcome);
        } else {
            Engines only = now.engines().getFirst();
            outcome.shows(only, Optional.empty());
            pipeline.addLast(handler(only, pipeline.channel().alloc()), outcome);
        }
    }

    public List<Shown> certificates() {
        return showing.engines().stream()
                .map(Engines::identity)
                .map(id -> new Shown(id.certificate(), id.names(), id.notAfter()))
                .toList();
    }

    /** Those that OCSP responses are wanted for; only Conscrypt can show them. */
    List<Identity> stapled() {
        Showing now = showing;
        return settings.ocsp() && now.sessions().isPresent()
                ? now.engines().stream().map(Engines::identity).toList()
                : List.of();
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
